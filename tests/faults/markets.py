"""Market processes as `flask market run` starts them, on engines of their own, and somebody who pushes ticks."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import psutil
import psycopg
from flask import Flask
from flask_migrate import upgrade
from redis import Redis
from redis.exceptions import RedisError

from app.config import Config
from app.core import engines
from app.core.extensions import db
from app.market.rules.ticks import GivenTick, TokenState, checked
from app.market.rules.wire import FRAMES
from app.market.service import NewToken, admit_tokens, gate
from tests.conftest import app_for_tests
from tests.faults.workers import Nursery, nursery

PATIENCE_S = 60
MINTS = [f"{letter}" * 43 for letter in "ABCDEFGH"]
SOURCES = ("first", "second", "third")
STORED = "SELECT count(*), count(DISTINCT (token_id, source, at)) FROM ticks WHERE feed_id = 0"


def wait_until(is_so: Callable[[], bool], patience_s: int = PATIENCE_S) -> None:
    until = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


@dataclass(frozen=True)
class Market:
    """A process of `flask market run`, and what it says."""

    pid: int
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    @property
    def leads(self) -> bool:
        return "market leads" in self.said

    @property
    def lives(self) -> bool:
        return psutil.pid_exists(self.pid)

    def get(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def end(self) -> None:
        """At once, if it has not ended by itself."""
        with suppress(ProcessLookupError):
            self.get(signal.SIGKILL)
        wait_until(lambda: not self.lives)


@dataclass
class Place:
    """An instance folder with both engines, eight tokens, and the app on it."""

    home: Path
    app: Flask
    nursery: Nursery
    team: list[Market] = field(default_factory=list)

    def ask(self, statement: str) -> list[Any]:
        with psycopg.connect(engines.postgres_address(self.home)) as connection:
            return connection.execute(statement.encode()).fetchall()

    def valkey(self) -> Redis:
        return Redis.from_url(engines.valkey_address(self.home), socket_timeout=2)

    def market(self) -> Market:
        log = self.home / f"market-{len(self.team)}.log"
        log.touch()
        self.team.append(Market(self.nursery.hire("market", "run", log=log), log))
        return self.team[-1]

    def epoch(self) -> int:
        return int(self.ask("SELECT last_value FROM market_epochs")[0][0])

    def server(self, name: str) -> int:
        return next(one.pid for one in engines.status(self.home) if one.name == name and one.pid)


@contextmanager
def place(home: Path, sources: str = "none") -> Iterator[Place]:
    engines.ensure_postgres(home)
    engines.ensure_valkey(home)
    app = app_for_tests(Config(instance_path=home, secret_key="a key that only tests know", log_level="warning"))
    with app.app_context():
        upgrade()
        admit_tokens([NewToken(mint, f"T{mint[0]}", mint[0], 6) for mint in MINTS], reason="To be pushed")
        db.session.commit()
        db.session.remove()
    own = {"INSTANCE_PATH": str(home), "MARKET_SOURCES": sources, "LOG_LEVEL": "info"}
    try:
        with nursery(own, home / "nursery.log", without=("DATABASE_URL", "REDIS_URL")) as ready:
            yield Place(home, app, ready)
    finally:
        with app.app_context():
            db.engine.dispose()
        app.extensions["valkey"].close()


class Pusher(threading.Thread):
    """Pushes a price of every token and source again and again through the gate, and counts what was confirmed.

    It knows the tokens by heart, so that it goes on while the database is away. Confused, it repeats itself and tells
    what it told before once more, after what came later.
    """

    def __init__(self, here: Place) -> None:
        super().__init__()
        self.accepted = 0
        self.paused = threading.Event()
        self.confused = threading.Event()
        self._before: list[str] = []
        self._here = here
        self._tokens = {mint: TokenState(*found) for mint, *found in here.ask("SELECT mint, id, true FROM tokens")}
        self._stop_asked = threading.Event()
        self._unsure: list[str] = []
        """Sent, and the answer got lost: sent again, what was taken in is answered as repeated."""

    def run(self) -> None:
        number = 0
        with self._here.valkey() as store:
            while not self._stop_asked.wait(0.02):
                if not self.paused.is_set():
                    number += 1
                    self._push(store, number)

    def _push(self, store: Redis, number: int) -> None:
        price, now_us = Decimal(100) + Decimal(number % 100) / 100, time.time_ns() // 1000
        ticks = [GivenTick(mint, source, price, Decimal(1), "buy", now_us) for mint in MINTS for source in SOURCES]
        counted = {gate.TAKEN, gate.REPEATED} if self._unsure else {gate.TAKEN}
        lines = self._unsure or [str(checked(tick, self._tokens, now_us)) for tick in ticks]
        try:
            self.accepted += sum(letter in counted for letter in gate.passed(store, lines, {}, origin="test"))
            self._unsure = []
        except RedisError:
            self._unsure = lines
            time.sleep(0.1)
            return
        if self.confused.is_set():
            gate.passed(store, lines + self._before, {}, origin="test")
        self._before = lines

    def __enter__(self) -> "Pusher":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_asked.set()
        self.join()


class Listener(threading.Thread):
    """Hears frames, over every outage of Valkey."""

    def __init__(self, here: Place) -> None:
        super().__init__()
        self.frames: list[dict[str, Any]] = []
        self._here = here
        self._stop_asked = threading.Event()

    def run(self) -> None:
        while not self._stop_asked.is_set():
            try:
                with self._here.valkey() as store, store.pubsub() as channel:
                    channel.subscribe(FRAMES)
                    while not self._stop_asked.is_set():
                        message = channel.get_message(timeout=0.1)
                        if message and message["type"] == "message":
                            self.frames.append(orjson.loads(message["data"]))
            except RedisError:
                self._stop_asked.wait(0.05)

    @property
    def epochs(self) -> set[int]:
        return {frame["epoch"] for frame in self.frames}

    def __enter__(self) -> "Listener":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_asked.set()
        self.join()


@contextmanager
def held(pid: int) -> Iterator[None]:
    """A process and, of PostgreSQL, all that it started, stopped in the middle of whatever they do."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    for one in family:
        one.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for one in family:
            one.send_signal(signal.SIGCONT)
