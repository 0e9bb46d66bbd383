"""Clicks while web processes are killed, the database restarts and hangs: every redirect received is a row, once."""

import os
import signal
import threading
import time
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from operator import itemgetter
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit
from uuid import UUID

import psutil
import pytest
from flask_migrate import upgrade
from sqlalchemy import func, select

from app.config import Config
from app.core import engines
from app.core.extensions import db
from app.referrals.intake.replaying import Replayer
from app.referrals.models import Click, SourceTally
from tests.browser.serving import Server, free_port, on_port, served
from tests.conftest import app_for_tests
from tests.core.engines.homes import new_home
from tests.faults.markets import held, wait_until
from tests.referrals.linking import CHROME, referrer, running_period

pytestmark = pytest.mark.faults

LONG = "LONG" in os.environ
CLICKS, CLIENTS = (20_000, 32) if LONG else (400, 8)
KILL_EVERY_S = 2.0
HUNG_S = 5.0 if LONG else 2.0
PATIENCE_S = 10
LONGEST_S = 900
RESTARTS_AT_S, HANG_AT_S = ((10, 40), 25) if LONG else ((2,), 5)


@dataclass
class Crowd:
    """Browsers at addresses of their own, each following the link again until it is led on."""

    server: Server
    received: list[UUID] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    until: float = field(default_factory=lambda: time.monotonic() + LONGEST_S)
    _left: SimpleQueue[int] = field(default_factory=SimpleQueue)

    def run(self) -> list[threading.Thread]:
        for number in range(CLICKS):
            self._left.put(number)
        threads = [threading.Thread(target=self._follow_all, daemon=True) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        return threads

    def _follow_all(self) -> None:
        while time.monotonic() < self.until:
            try:
                number = self._left.get_nowait()
            except Empty:
                return
            while not self._follow(number) and time.monotonic() < self.until:
                time.sleep(0.05)

    def _follow(self, number: int) -> bool:
        """Whether the answer was a redirect; its click is noted as soon as it is received."""
        where = urlsplit(self.server.url)
        connection = HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE_S)
        address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        try:
            connection.request("GET", "/r/ANN-1", headers=CHROME | {"X-Forwarded-For": address})
            answer = connection.getresponse()
            target = answer.headers.get("Location", "")
        except (OSError, HTTPException) as error:
            self.answers[type(error).__name__] += 1
            return False
        finally:
            connection.close()
        self.answers[str(answer.status)] += 1
        if answer.status != 302:
            return False
        token = target.partition("?click=")[2]
        self.received.append(UUID(bytes=urlsafe_b64decode(token + "=" * (-len(token) % 4))[:16]))
        return True


@pytest.fixture
def home() -> Iterator[Path]:
    with new_home() as home:
        engines.ensure_valkey(home)
        engines.ensure_postgres(home)
        yield home


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Its workers are forks of a process that has read the program, so that there is soon another to be killed."""
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--preload")
    settings = Config(instance_path=home, secret_key="a key that only tests know", trusted_proxies=1)
    app = app_for_tests(on_port(settings, free_port()))
    with app.app_context():
        upgrade()
        running_period()
        referrer()
    with served(app, web_workers=2) as server:
        yield server
    app.extensions["valkey"].close()


def test_every_redirect_is_a_row_and_none_is_two(server: Server, home: Path) -> None:
    crowd = Crowd(server)
    threads = crowd.run()
    killer = threading.Thread(target=kill_some, args=(server, threads), daemon=True)
    killer.start()
    began = time.monotonic()
    for at_s, trouble in sorted([*((one, restart) for one in RESTARTS_AT_S), (HANG_AT_S, hang)], key=itemgetter(0)):
        while time.monotonic() - began < at_s and any(thread.is_alive() for thread in threads):
            time.sleep(0.05)
        trouble(home)
    for thread in threads:
        thread.join()
    killer.join()
    wait_until(lambda: bring(server))
    with server.app.app_context():
        rows = set(db.session.scalars(select(Click.id)))
        count = db.session.scalars(select(func.count()).select_from(Click)).one()
        tallied = db.session.scalars(select(func.sum(SourceTally.clicks + SourceTally.repeats))).one()
    print(f"{len(crowd.received)} redirects, {count} rows, answers {dict(crowd.answers)}")
    assert set(crowd.received) - rows == set()
    assert count == len(rows) == tallied
    assert len(crowd.received) == len(set(crowd.received)) == CLICKS


def kill_some(server: Server, threads: list[threading.Thread]) -> None:
    """One of the web processes every two seconds; the other goes on, and gunicorn makes another."""
    master = next(one for one in psutil.process_iter(["cmdline"]) if _is_master(one, server))
    while any(thread.is_alive() for thread in threads):
        time.sleep(KILL_EVERY_S)
        workers = sorted(master.children(), key=lambda one: one.create_time())
        if len(workers) > 1:
            workers[0].send_signal(signal.SIGKILL)


def _is_master(process: psutil.Process, server: Server) -> bool:
    try:
        mine = "gunicorn" in " ".join(process.info["cmdline"] or ()) and process.ppid() == os.getpid()
        return mine and process.environ().get("DUEL_PORT") == str(urlsplit(server.url).port)
    except psutil.Error:
        return False


def restart(home: Path) -> None:
    os.kill(_database(home), signal.SIGQUIT)
    engines.ensure_postgres(home)


def hang(home: Path) -> None:
    with held(_database(home)):
        time.sleep(HUNG_S)


def _database(home: Path) -> int:
    return next(one.pid for one in engines.status(home) if one.name == "PostgreSQL" and one.pid)


def bring(server: Server) -> bool:
    """Whether nothing is left on the disk."""
    replayer = Replayer(server.app)
    replayer.replay()
    return not replayer.spool.is_waiting()
