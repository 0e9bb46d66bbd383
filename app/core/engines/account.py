"""Which system account the embedded servers run as: ourselves, or a named one when we are root."""

import grp
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.engines.trouble import EngineUnusable

NAME = "degenduel"
ACCOUNT_HOME = Path("/var/lib/degenduel")
STAND_INS = ("postgres", "daemon")
NO_LOGIN = "/usr/sbin/nologin"


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    def subprocess_options(self) -> dict[str, Any]:
        """Keyword arguments for subprocess that drop root's rights; none when we are this account."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def take(self, path: Path) -> None:
        """Makes `path`, just created by us, this account's; never follows a link."""
        if os.geteuid() != self.uid:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def existing_account(home: Path) -> Account | None:
    """The account the servers of `home` run as, or None when root would have to make one."""
    uid = os.geteuid()
    if uid != 0:
        return _by_uid(uid) or Account(str(uid), uid, os.getegid())
    return _owner(home / "engines") or _owner(home) or _by_name(NAME)


def account_for(home: Path) -> Account:
    """As `existing_account`; as root makes the account when it is missing."""
    return existing_account(home) or _made() or _stand_in()


def account_home() -> Path:
    """Root's folder for what a closed home cannot hold; open to look through, whatever root's umask."""
    ACCOUNT_HOME.mkdir(parents=True, exist_ok=True)
    ACCOUNT_HOME.chmod(0o755)
    return ACCOUNT_HOME


def may_enter(account: Account | None, folder: Path) -> bool:
    """Whether `account` (None: a stranger), without further groups, may pass through `folder` and all above it."""
    for step in (folder, *folder.parents):
        if not step.exists():
            continue
        facts = step.stat()
        shift = 0
        if account is not None and facts.st_uid == account.uid:
            shift = 6
        elif account is not None and facts.st_gid == account.gid:
            shift = 3
        if not facts.st_mode >> shift & 1:
            return False
    return True


def _owner(folder: Path) -> Account | None:
    if not folder.exists():
        return None
    uid = folder.stat().st_uid
    return None if uid == 0 else _by_uid(uid)


def _by_uid(uid: int) -> Account | None:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _by_name(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _made() -> Account | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    group = ["--gid", NAME] if _group_exists() else ["--user-group"]
    rest = ["--no-create-home", "--home-dir", str(ACCOUNT_HOME), "--shell", NO_LOGIN, NAME]
    # Another process may have made it a moment ago: what counts is whether it is there afterwards.
    subprocess.run([useradd, "--system", *group, *rest], check=False, capture_output=True, timeout=30)  # noqa: S603 (the system's own tool)
    return _by_name(NAME)


def _group_exists() -> bool:
    return any(entry.gr_name == NAME for entry in grp.getgrall())


def _stand_in() -> Account:
    for name in STAND_INS:
        if account := _by_name(name):
            return account
    raise EngineUnusable(
        f"PostgreSQL refuses to run as root, and the system account {NAME} could not be made. "
        f"Make it (`useradd --system {NAME}`), start as an ordinary user, or set DATABASE_URL and REDIS_URL."
    )
