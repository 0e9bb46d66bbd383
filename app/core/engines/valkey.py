"""The embedded Valkey of one instance folder. It holds only what may be lost."""

import logging
import shutil
import signal
import time
from pathlib import Path
from urllib.parse import quote

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from app.core.engines import processes
from app.core.engines.account import Account, account_for
from app.core.engines.binaries import valkey_program
from app.core.engines.folder import Place, make_private
from app.core.engines.trouble import EngineUnusable, reason_in, unusable_data

NAME = "Valkey"
SOCKET = "valkey.sock"
PROGRAM = "valkey-server"
START_S = 30
SILENCE_S = 5
DAMAGED = ("append only file", "AOF", "Bad file format")
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    "appendonly": "yes",
    "save": "",
    "maxmemory": "256mb",
    "maxmemory-policy": "volatile-ttl",
}

log = logging.getLogger(__name__)


def address(where: Place) -> str:
    return f"unix://{quote(str(where.sockets / SOCKET), safe='/')}"


def data_folder(where: Place) -> Path:
    return where.data / "valkey"


def is_serving(where: Place) -> bool:
    try:
        with _client(where) as client:
            client.ping()
    except RedisError:
        return False
    return True


def process_id(where: Place) -> int | None:
    return processes.find(PROGRAM, data_folder(where))


def start(where: Place) -> None:
    """Under the folder's lock, when nothing answers: brings the server up, or raises EngineUnusable."""
    account = account_for(where.home)
    program = valkey_program(account)
    make_private(data_folder(where), account)
    reason = _bring_up(program, where, account)
    if reason and any(word in reason for word in DAMAGED):
        aside = where.data / "valkey.damaged"
        shutil.rmtree(aside, ignore_errors=True)
        data_folder(where).rename(aside)
        make_private(data_folder(where), account)
        log.warning("Valkey could not read its data and starts empty; what it had is in %s.", aside)
        reason = _bring_up(program, where, account)
    if reason:
        raise unusable_data(NAME, data_folder(where), reason)


def stop(where: Place, *, patience_s: float) -> bool:
    """Whether there was a server to stop."""
    pid = process_id(where)
    if pid is not None:
        processes.end(pid, (signal.SIGTERM,), patience_s=patience_s)
    return pid is not None


def server_version(where: Place) -> str | None:
    try:
        with _client(where) as client:
            facts = client.info("server")
    except RedisError:
        return None
    return str(facts.get("valkey_version") or facts["redis_version"])


def _client(where: Place) -> Redis:
    return Redis(unix_socket_path=str(where.sockets / SOCKET), socket_timeout=2, retry=Retry(NoBackoff(), 0))


def _bring_up(program: Path, where: Place, account: Account) -> str | None:
    """None once it serves, else why it ended."""
    file = where.data / "valkey.log"
    _wait_for_running(where)
    if is_serving(where):
        return None
    (where.sockets / SOCKET).unlink(missing_ok=True)
    offset = processes.size(file)
    pid = processes.launch(_command(program, where), folder=data_folder(where), log=file, account=account)
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if is_serving(where):
            return None
        if not processes.is_alive(pid):
            return reason_in(processes.written_since(file, offset))
        time.sleep(0.03)
    raise EngineUnusable(f"Valkey (process {pid}) is not ready after {START_S} s: see {file}.")


def _command(program: Path, where: Place) -> list[str | Path]:
    settings = SETTINGS | {"dir": str(data_folder(where)), "unixsocket": str(where.sockets / SOCKET)}
    words: list[str | Path] = [program]
    for name, value in settings.items():
        words += [f"--{name}", value]
    return words


def _wait_for_running(where: Place) -> None:
    until = time.monotonic() + SILENCE_S
    while (pid := process_id(where)) is not None and not is_serving(where):
        if not (where.sockets / SOCKET).exists() and time.monotonic() > until - SILENCE_S + 1:
            processes.end(pid, (signal.SIGTERM,), patience_s=SILENCE_S)
        elif time.monotonic() > until:
            raise EngineUnusable(
                f"Valkey (process {pid}) runs in {data_folder(where)} but does not answer. "
                f"`flask engines stop` ends it; then start again."
            )
        time.sleep(0.05)
