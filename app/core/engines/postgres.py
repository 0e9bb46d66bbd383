"""The embedded PostgreSQL of one instance folder: its address, its first start, every later start, its stop."""

import os
import secrets
import shutil
import signal
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from app.core.engines import processes
from app.core.engines.account import Account, account_for
from app.core.engines.binaries import postgres_major, postgres_programs
from app.core.engines.folder import Place, make_private
from app.core.engines.trouble import EngineUnusable, reason_in, unusable_data

NAME = "PostgreSQL"
ROLE = DATABASE = "degenduel"
PORT = 5432
PART = "postgresql.new-"
START_S = 120
RETRY_S = 15
SILENCE_S = 10
PASSING = ("lock file", "shared memory block", "starting up")
"""Words of refusals that end by themselves once a killed server's remains are gone."""
BUSY = ("too many clients", "connection slots are reserved")
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 (asked for its size only)
SHARED_MEMORY_BYTES = 512 * 1024 * 1024


def address(where: Place, *, role: str = ROLE, database: str = DATABASE) -> str:
    """libpq's address of the server, running or not."""
    return f"postgresql://{role}@/{database}?host={quote(str(where.sockets), safe='/')}&port={PORT}"


def data_folder(where: Place) -> Path:
    return where.data / "postgresql"


def is_serving(where: Place) -> bool:
    """Whether the server takes a connection, or is only too busy for one more."""
    try:
        _maintenance(where).close()
    except psycopg.OperationalError as error:
        return any(words in str(error) for words in BUSY)
    return True


def process_id(where: Place) -> int | None:
    """The living server of this folder, answering or not."""
    note = data_folder(where) / "postmaster.pid"
    try:
        pid = int(note.read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if processes.works_in(pid, data_folder(where)) else None


def start(where: Place) -> None:
    """Under the folder's lock, when nothing answers: brings the server up, or raises EngineUnusable."""
    account = account_for(where.home)
    programs = postgres_programs(account)
    data = data_folder(where)
    for part in where.data.glob(f"{PART}*"):
        shutil.rmtree(part, ignore_errors=True)
    if data.exists():
        refuse_unusable(data)
    else:
        _initialise(programs, where, account)
    _bring_up(programs, where, account)
    _ensure_database(where)


def stop(where: Place, *, patience_s: float) -> bool:
    """Whether there was a server to stop: asked for a fast shutdown, then for an immediate one, then killed."""
    pid = process_id(where)
    if pid is not None:
        processes.end(pid, (signal.SIGINT, signal.SIGQUIT), patience_s=patience_s)
    return pid is not None


def refuse_unusable(data: Path) -> None:
    """Raises EngineUnusable for a folder that this version did not make; deeper damage shows at the start."""
    try:
        found = (data / "PG_VERSION").read_text(encoding="utf-8").strip()
    except OSError as error:
        raise unusable_data(NAME, data, f"{error.strerror}: PG_VERSION") from error
    ours = postgres_major()
    if found != str(ours):
        raise EngineUnusable(
            f"The data folder {data} was made by PostgreSQL {found}, but this installation brings PostgreSQL {ours}.\n"
            f"With the version that made it run `flask backup FILE`, move {data} away, and with this version "
            f"`flask restore FILE`."
        )


def server_version(where: Place) -> str | None:
    try:
        with _maintenance(where) as connection:
            return str(connection.execute("SHOW server_version").fetchone()[0])  # type: ignore[index]  # SHOW gives one row
    except psycopg.OperationalError:
        return None


def _maintenance(where: Place) -> "psycopg.Connection[tuple[object, ...]]":
    # The superuser, so that the reserved connections are ours when the pools have taken all others.
    return psycopg.connect(address(where, role="postgres", database="postgres"), connect_timeout=2, autocommit=True)


def _initialise(programs: Path, where: Place, account: Account) -> None:
    """Made beside its place and renamed: a data folder that exists is complete, whenever we are killed."""
    # A name of its own: the initdb of a killed starter may still be writing to the last one.
    part = where.data / f"{PART}{secrets.token_hex(4)}"
    make_private(part, account)
    made = processes.run(
        [
            programs / "initdb", "--pgdata", part, "--username", "postgres", "--no-instructions",
            "--auth-local", "trust", "--auth-host", "reject",
            "--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8",
        ],
        account,
    )
    if made.returncode:
        raise EngineUnusable(f"PostgreSQL could not set up its data folder {part}: {reason_in(made.stderr)}")
    part.rename(data_folder(where))


def _bring_up(programs: Path, where: Place, account: Account) -> None:
    data, log = data_folder(where), where.data / "postgresql.log"
    until = time.monotonic() + RETRY_S
    while True:
        _wait_for_running(where)
        if is_serving(where):
            return
        _forget_reused_process(data)
        offset = processes.size(log)
        pid = processes.launch(_command(programs, where), folder=data, log=log, account=account)
        if _comes_up(where, pid):
            return
        said = processes.written_since(log, offset)
        if not any(words in said for words in PASSING) or time.monotonic() > until:
            raise unusable_data(NAME, data, reason_in(said))
        time.sleep(0.25)


def _command(programs: Path, where: Place) -> list[str | Path]:
    quoted = str(where.sockets).replace('"', '""')
    settings = SETTINGS | {"unix_socket_directories": f'"{quoted}"'}
    if SHARED_MEMORY.exists() and shutil.disk_usage(SHARED_MEMORY).total < SHARED_MEMORY_BYTES:
        # Containers often have 64 MB there, too little for parallel queries.
        settings["dynamic_shared_memory_type"] = "mmap"
    words: list[str | Path] = [programs / "postgres", "-D", data_folder(where)]
    for name, value in settings.items():
        words += ["-c", f"{name}={value}"]
    return words


def _comes_up(where: Place, pid: int) -> bool:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if is_serving(where):
            return True
        if not processes.is_alive(pid):
            return False
        time.sleep(0.05)
    raise _not_ready(where, pid)


def _not_ready(where: Place, pid: int) -> EngineUnusable:
    return EngineUnusable(f"PostgreSQL (process {pid}) is not ready after {START_S} s: see its log in {where.data}.")


def _wait_for_running(where: Place) -> None:
    """Gives a server that is just starting its time; restarts one that lost its socket; names one that hangs."""
    until = time.monotonic() + SILENCE_S
    while (pid := process_id(where)) is not None and not is_serving(where):
        has_lost_socket = _says_ready(where) and not (where.sockets / f".s.PGSQL.{PORT}").exists()
        if has_lost_socket:
            stop(where, patience_s=SILENCE_S)
        elif time.monotonic() > until and _says_ready(where):
            raise EngineUnusable(
                f"PostgreSQL (process {pid}) runs in {data_folder(where)} but does not answer. "
                f"`flask engines stop` ends it; then start again."
            )
        elif time.monotonic() > until + START_S:
            raise _not_ready(where, pid)
        time.sleep(0.05)


def _says_ready(where: Place) -> bool:
    try:
        note = (data_folder(where) / "postmaster.pid").read_text(encoding="utf-8")
    except FileNotFoundError:  # a server that ends takes it along
        return False
    return note.rstrip().endswith("ready")


def _forget_reused_process(data: Path) -> None:
    """PostgreSQL takes any living process with a dead server's id for that server: its note must name a dead one.

    The note itself stays: its last lines protect against remains of the old server that still hold shared memory.
    """
    note = data / "postmaster.pid"
    try:
        first, rest = note.read_text(encoding="utf-8").split("\n", 1)
        pid = int(first)
    except (OSError, ValueError):
        return
    if processes.is_alive(pid) and not processes.works_in(pid, data):
        note.write_text(f"{_dead_process()}\n{rest}", encoding="utf-8")


def _dead_process() -> int:
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", ":"], {})
    os.waitpid(pid, 0)
    return pid


def _ensure_database(where: Place) -> None:
    with _maintenance(where) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (ROLE,)).fetchone():
            connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
