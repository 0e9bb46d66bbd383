"""Where the embedded servers keep data and sockets, and who is starting them right now."""

import fcntl
import hashlib
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.core.engines.account import Account, account_home, existing_account, may_enter
from app.core.engines.trouble import EngineUnusable

POINTER = "engines.path"
SOCKET_BYTES = 103
"""Longest socket path: macOS keeps 104 bytes with the closing zero, Linux 108."""
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"
LOCK_PATIENCE_S = 180


@dataclass(frozen=True)
class Place:
    home: Path
    data: Path
    sockets: Path


def place(home: Path) -> Place:
    """The folders of one instance folder's servers; as root, data goes outside a home that its account cannot enter."""
    home = home.resolve()
    data = _data_folder(home)
    sockets = data / "run"
    if len(os.fsencode(sockets / LONGEST_SOCKET_NAME)) > SOCKET_BYTES:
        # Not $XDG_RUNTIME_DIR: every process must find the same folder, whatever its environment.
        mark = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
        sockets = account_home() / f"run-{mark}" if os.geteuid() == 0 else Path(f"/tmp/degenduel-{os.geteuid()}-{mark}")  # noqa: S108 (its owner is checked)
    return Place(home, data, sockets)


def prepare(where: Place, account: Account) -> None:
    """Makes the folders, private to `account`; refuses those of anybody else."""
    for folder in (where.data, where.sockets):
        make_private(folder, account)


def make_private(folder: Path, account: Account) -> None:
    make_parents(folder)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        facts = folder.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != account.uid:
            raise EngineUnusable(
                f"{folder} belongs to somebody else than {account.name}. "
                f"Start as its owner, move it away, or set INSTANCE_PATH to another folder."
            ) from None
        if facts.st_mode & 0o077:
            folder.chmod(0o700)
    else:
        account.take(folder)


def make_parents(folder: Path) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineUnusable(
            f"The folder {folder.parent} cannot be made: {error.strerror}. Set INSTANCE_PATH to a folder you may write."
        ) from error


@contextmanager
def lock(home: Path) -> Iterator[None]:
    """One process at a time starts or stops the servers of `home`."""
    path = home.resolve() / "engines.lock"
    make_parents(path)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise EngineUnusable(
            f"{path} cannot be opened: {error.strerror}. Start as the owner of {path.parent}."
        ) from error
    try:
        _wait_for(handle, path)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int, path: Path) -> None:
    # Polling instead of a blocking call: a web process must keep serving its other requests meanwhile.
    until = time.monotonic() + LOCK_PATIENCE_S
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise EngineUnusable(
                    f"Another process has been starting or stopping the servers for {LOCK_PATIENCE_S} s "
                    f"(it holds {path}). Look for a hung `flask` command and end it."
                ) from None
            time.sleep(0.05)


def _data_folder(home: Path) -> Path:
    inside = home / "engines"
    make_parents(inside)
    if os.geteuid() != 0 or inside.exists():
        return inside
    return _pointed(home) or (inside if may_enter(existing_account(home), home) else _assigned(home))


def _pointed(home: Path) -> Path | None:
    pointer = home / POINTER
    if not pointer.exists():
        return None
    data = Path(pointer.read_text(encoding="utf-8").strip())
    # A copy of the home has another inode: it must not share, stop or delete the original's database.
    return data if data.name.endswith(f"-{home.stat().st_ino:x}") else None


def _assigned(home: Path) -> Path:
    with lock(home):
        if data := _pointed(home):
            return data
        data = account_home() / f"{secrets.token_hex(4)}-{home.stat().st_ino:x}"
        fresh = home / f"{POINTER}.new"
        fresh.write_text(f"{data}\n", encoding="utf-8")
        fresh.replace(home / POINTER)
        return data
