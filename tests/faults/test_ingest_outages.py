"""Pushing prices to a real web server while Valkey hangs, is gone or full, and while PostgreSQL is gone."""

import os
import re
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis import Redis

from app.core import engines
from app.core.engines import valkey
from app.core.engines.folder import place
from app.core.extensions import db
from app.core.recent import FRESH_S
from app.market.rules import wire
from tests.browser.serving import free_port, on_port, served
from tests.clients import api_client
from tests.conftest import app_for_tests, drop, maintenance, settings_for_tests
from tests.market.pushing import fresh_name, token

pytestmark = pytest.mark.faults

ROUNDS = int(os.environ.get("ROUNDS", "1"))
SERVING_AGAIN_S = 20


@dataclass(frozen=True)
class Program:
    """Pushes prices of one token to a server that has a Valkey of its own, in `home`."""

    http: httpx.Client
    home: Path
    mint: str
    database: str

    def push(self, **changes: Any) -> tuple[int, dict[str, Any]]:
        call = {"mint": self.mint, "source": fresh_name(), "price": "1", "at": time.time_ns() // 1_000_000} | changes
        answer = self.http.post("/api/v1/prices", json={"ticks": [call]})
        return answer.status_code, answer.json()

    def works_again(self) -> bool:
        end = time.monotonic() + SERVING_AGAIN_S
        while time.monotonic() < end:
            if self.push()[0] == 200:
                return True
            time.sleep(0.1)
        return False

    def stored(self) -> int:
        """Ticks in the stream."""
        with Redis.from_url(engines.valkey_address(self.home)) as store:
            rows: Any = store.xrange(wire.STREAM)
        return sum(wire.decoded(fields).count for _, fields in rows)

    @property
    def valkey_pid(self) -> int:
        pid = valkey.process_id(place(self.home))
        assert pid is not None
        return pid

    @contextmanager
    def hung_valkey(self) -> Iterator[None]:
        pid = self.valkey_pid
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def running(engine_home: Path, new_database: Callable[[], str]) -> Iterator[Program]:
    database = new_database()
    app = app_for_tests(on_port(settings_for_tests(engine_home, database), free_port()))
    with app.app_context():
        mint = token(db.session())
    key = api_client(app, "market:prices:write").environ_base["HTTP_AUTHORIZATION"]
    with tempfile.TemporaryDirectory(prefix="duel-ingest-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        own = {"redis_url": engines.ensure_valkey(home).url}
        with served(app, **own) as server, httpx.Client(base_url=server.url, timeout=20) as http:
            http.headers["Authorization"] = key
            yield Program(http, home, mint, database)
        engines.remove(home)
    with maintenance(engine_home) as cluster:
        drop(cluster, database)


@pytest.fixture
def program(running: Program) -> Program:
    """Everything works, and has just been used."""
    assert running.works_again()
    return running


def test_a_program_sees_how_much_it_may_still_send(program: Program) -> None:
    answer = program.http.post("/api/v1/prices", json={})
    assert (answer.status_code, answer.headers["RateLimit-Policy"]) == (422, '"per-60s";q=600;w=60')
    left = re.fullmatch(r'"per-60s";r=(\d+);t=\d+', answer.headers["RateLimit"])
    assert left is not None
    assert 0 < int(left[1]) < 600


def test_a_hung_valkey_is_said_and_heals_by_itself(program: Program) -> None:
    for _ in range(ROUNDS):
        with program.hung_valkey():
            status, told = program.push()
        assert (status, told["status"]) == (503, 503)
        assert "Send the same call again" in told["fix"]
        assert program.works_again()


def test_after_a_lost_answer_nothing_is_taken_twice(program: Program) -> None:
    """What was sent to a hung Valkey may be carried out when it wakes: the same call again finds out."""
    call = {"source": fresh_name(), "at": time.time_ns() // 1_000_000}
    before = program.stored()
    with program.hung_valkey():
        assert program.push(**call)[0] == 503
    status, told = program.push(**call)
    assert (status, program.stored()) == (200, before + 1)
    assert told["accepted"] == 1 or told["refused"][0]["reason"] == "duplicate"


def test_a_valkey_that_is_gone_and_comes_back(program: Program) -> None:
    for _ in range(ROUNDS):
        os.kill(program.valkey_pid, signal.SIGKILL)
        status, told = program.push()
        assert (status, told["status"]) == (503, 503)
        engines.ensure_valkey(program.home)
        assert program.works_again()


def test_a_full_valkey_takes_nothing_in(program: Program) -> None:
    before = program.stored()
    with Redis.from_url(engines.valkey_address(program.home)) as store:
        store.config_set("maxmemory", "1mb")
        status, told = program.push()
        store.config_set("maxmemory", "256mb")
    assert (status, "full" in told["detail"]) == (503, True)
    assert program.stored() == before


@pytest.fixture
def shut(program: Program, engine_home: Path) -> Iterator[Callable[[], None]]:
    """Ends every connection to the server's database and lets nobody in until the end of the test."""

    def let_in(answer: str) -> None:
        with maintenance(engine_home) as cluster:
            cluster.execute(f"ALTER DATABASE {program.database} ALLOW_CONNECTIONS {answer}")
            ours = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
            cluster.execute(ours, (program.database,))

    yield lambda: let_in("false")
    let_in("true")


def test_prices_go_on_without_a_database(program: Program, shut: Callable[[], None]) -> None:
    """Who calls and which tokens there are is known; the stream keeps the ticks until PostgreSQL is back."""
    shut()
    time.sleep(FRESH_S)  # so that both are asked for again, in vain
    assert program.works_again()
    assert program.http.get("/readyz").status_code == 503
