"""Servers of somebody else: PostgreSQL and Valkey over TCP with passwords, from the same programs."""

import secrets
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from app.core.engines import processes
from app.core.engines.account import Account, account_for
from app.core.engines.binaries import postgres_programs, valkey_program
from app.core.engines.folder import make_private

PATIENCE_S = 30


@dataclass(frozen=True)
class Outside:
    database_url: str
    redis_url: str
    password: str


@contextmanager
def outside_servers() -> Iterator[Outside]:
    home = Path(tempfile.mkdtemp(prefix="degenduel-outside-"))
    home.chmod(0o755)
    account, password, ports = account_for(home), secrets.token_urlsafe(12), (free_port(), free_port())
    outside = Outside(
        database_url=f"postgresql://owner:{password}@127.0.0.1:{ports[0]}/postgres",
        redis_url=f"redis://:{password}@127.0.0.1:{ports[1]}/0",
        password=password,
    )
    started = []
    try:
        started.append(_postgres(home, account, password, ports[0]))
        started.append(_valkey(home, account, password, ports[1]))
        _wait(lambda: psycopg.connect(outside.database_url).close(), psycopg.OperationalError)
        _wait(lambda: Redis.from_url(outside.redis_url).close(), RedisError)
        yield outside
    finally:
        for pid in started:
            processes.end(pid, (signal.SIGINT,), patience_s=10)
        shutil.rmtree(home)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _postgres(home: Path, account: Account, password: str, port: int) -> int:
    data, note = home / "postgresql", home / "password"
    make_private(data, account)
    note.write_text(password)
    account.take(note)
    programs = postgres_programs(account)
    access = ["--auth=scram-sha-256", f"--pwfile={note}", "--username=owner"]
    made = processes.run([programs / "initdb", "-D", data, *access, "--encoding=UTF8", "--locale=C"], account)
    assert made.returncode == 0, made.stderr
    words: list[str | Path] = [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", ""]
    return processes.launch(words, folder=data, log=data / "log", account=account)


def _valkey(home: Path, account: Account, password: str, port: int) -> int:
    data = home / "valkey"
    make_private(data, account)
    words: list[str | Path] = [valkey_program(account), "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
    words += ["--requirepass", password]
    return processes.launch(words, folder=data, log=data / "log", account=account)


def _wait(attempt: Callable[[], object], failure: type[Exception]) -> None:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            attempt()
            return
        except failure:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
