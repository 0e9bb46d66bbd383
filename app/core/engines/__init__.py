"""PostgreSQL and Valkey of our own, from PyPI wheels, for whoever has set no DATABASE_URL or REDIS_URL.

The servers outlive the process that started them; whoever comes next attaches. Liveness is a real connection, never a
process id in a file.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from app.core.engines import postgres, valkey
from app.core.engines.account import account_for
from app.core.engines.folder import POINTER, Place, lock, place, prepare
from app.core.engines.trouble import EngineUnusable

__all__ = [
    "Engine",
    "EngineUnusable",
    "ServerStatus",
    "ensure_postgres",
    "ensure_valkey",
    "postgres_address",
    "problem",
    "remove",
    "status",
    "stop",
    "valkey_address",
]

SERVERS = (postgres, valkey)
NAMES = (postgres.NAME, valkey.NAME)
Action = Literal["started", "attached"]
State = Literal["running", "silent", "stopped"]


class Server(Protocol):
    """What the modules `postgres` and `valkey` have in common here."""

    def is_serving(self, where: Place) -> bool: ...

    def start(self, where: Place) -> None: ...


@dataclass(frozen=True)
class Engine:
    url: str
    action: Action


@dataclass(frozen=True)
class ServerStatus:
    name: str
    state: State
    pid: int | None
    version: str | None
    data: Path


def ensure_postgres(home: Path) -> Engine:
    """Starts the server of `home` unless it answers; raises EngineUnusable."""
    where = place(home)
    action = _ensure(postgres, where)
    return Engine(postgres.address(where).replace("postgresql://", "postgresql+psycopg://", 1), action)


def ensure_valkey(home: Path) -> Engine:
    """Starts the server of `home` unless it answers; raises EngineUnusable."""
    where = place(home)
    action = _ensure(valkey, where)
    return Engine(valkey.address(where), action)


def postgres_address(home: Path) -> str:
    """libpq's address of the server of `home`, running or not."""
    return postgres.address(place(home))


def valkey_address(home: Path) -> str:
    """Address of the server of `home`, running or not."""
    return valkey.address(place(home))


def status(home: Path) -> list[ServerStatus]:
    where = place(home)
    found = []
    for server in SERVERS:
        pid = server.process_id(where)
        state: State = "stopped" if pid is None else "running" if server.is_serving(where) else "silent"
        version = server.server_version(where) if state == "running" else None
        found.append(ServerStatus(server.NAME, state, pid, version, server.data_folder(where)))
    return found


def problem(home: Path, name: str) -> str | None:
    """Why the named server, not running, could not start, as far as that shows without starting it."""
    data = postgres.data_folder(place(home))
    if name != postgres.NAME or not data.exists():
        return None
    try:
        postgres.refuse_unusable(data)
    except EngineUnusable as error:
        return str(error)
    return None


def stop(home: Path, *, names: Iterable[str] = NAMES, patience_s: float = 20) -> list[str]:
    """Stops the named servers, politely within the patience, then by force; returns the names of those that ran."""
    where = place(home)
    wanted = [server for server in SERVERS if server.NAME in set(names)]
    with lock(home):
        return [server.NAME for server in wanted if server.stop(where, patience_s=patience_s / len(wanted))]


def remove(home: Path) -> list[Path]:
    """Stops both servers and deletes all they kept; returns the deleted folders."""
    where = place(home)
    stop(home)
    gone = [where.data] if where.sockets.is_relative_to(where.data) else [where.data, where.sockets]
    gone = [folder for folder in gone if folder.exists()]
    for folder in gone:
        shutil.rmtree(folder)
    (where.home / POINTER).unlink(missing_ok=True)
    return gone


def _ensure(server: Server, where: Place) -> Action:
    with lock(where.home):
        if server.is_serving(where):
            return "attached"
        prepare(where, account_for(where.home))
        server.start(where)
        return "started"
