"""Sources as the leader runs them: they stop at once, start again, and never stop each other."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.core.errors import Refusal
from app.core.extensions import db, settings
from app.market.queries.source_states import source_states
from app.market.rules.ticks import GivenTick
from app.market.service import NewToken, admit_tokens
from app.market.sources import running
from app.market.sources.coinbase import Coinbase
from app.market.sources.jupiter import Jupiter
from app.market.sources.naming import chosen
from app.market.sources.port import Source, Take
from app.market.sources.running import Running
from app.market.sources.simulated import Simulated
from tests.market.sources.services import SOL, says, service

PATIENCE_S = 40


@pytest.fixture
def known(committing: Flask) -> Iterator[Flask]:
    with committing.app_context():
        admit_tokens([NewToken(SOL, "SOL", "Solana", 9)], reason="test")
        db.session.commit()
        yield committing
        db.session.remove()


@contextmanager
def at_work(take: Take, *sources: Source) -> Iterator[Running]:
    stop = threading.Event()
    feeding = running.start(sources, take, stop)
    yield feeding
    stop.set()
    feeding.join()


class Heard:
    """Takes ticks, and knows when it has so many."""

    def __init__(self, enough: int, fails: int = 0) -> None:
        self.ticks: list[GivenTick] = []
        self.enough, self.fails = enough, fails
        self.is_enough = threading.Event()

    def __call__(self, ticks: list[GivenTick]) -> None:
        if self.fails:
            self.fails -= 1
            raise ConnectionError("away")
        self.ticks += ticks
        if len(self.ticks) >= self.enough:
            self.is_enough.set()


@pytest.mark.usefixtures("known")
def test_they_stop_and_say_nothing_more() -> None:
    heard = Heard(3)
    with at_work(heard, Simulated(hz=50)) as feeding:
        assert heard.is_enough.wait(PATIENCE_S)
    taken = len(heard.ticks)
    assert [state.state for state in feeding.states()] == ["stopped"]
    assert len(heard.ticks) == taken


@pytest.mark.usefixtures("known")
def test_a_source_in_trouble_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "FIRST_PAUSE_MS", 20)
    price = {SOL: {"usdPrice": 1, "blockId": 1}}
    heard = Heard(1)
    with (
        service(says({}, 500), says(b"?"), says(price)) as (address, _),
        at_work(heard, Jupiter(address=address, every_ms=5)) as feeding,
    ):
        assert heard.is_enough.wait(PATIENCE_S)
        (state,) = feeding.states()
    assert (state.failures, state.trouble) == (2, "answers with something that is no JSON")


@pytest.mark.usefixtures("known")
def test_ticks_that_are_not_taken_stop_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "FIRST_PAUSE_MS", 20)
    heard = Heard(3, fails=2)
    with at_work(heard, Simulated(hz=50), Coinbase(address="ws://127.0.0.1:1")) as feeding:
        assert heard.is_enough.wait(PATIENCE_S)
        first = feeding.states()[0]
    assert first.trouble == "ticks not taken: ConnectionError: away"


@pytest.mark.usefixtures("known")
def test_other_processes_learn_how_they_do() -> None:
    heard = Heard(1)
    with at_work(heard, Simulated(hz=50)):
        assert heard.is_enough.wait(PATIENCE_S)
        for _ in range(200):
            if source_states():
                break
            threading.Event().wait(0.05)
        assert [state.name for state in source_states()] == ["simulated"]


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("none", []), ("", []), ("simulated,hz=10,tokens=1000", ["simulated"]), ("simulated:hz=10", ["simulated"]),
        ("jupiter, pyth:http://127.0.0.1:9/x,dexscreener,coinbase:ws://127.0.0.1:9",
         ["jupiter", "pyth", "dexscreener", "coinbase"]),
    ],
)  # fmt: skip
def test_sources_are_chosen_by_name(session: object, told: str, names: list[str]) -> None:
    assert [source.name for source in chosen(replace(settings(), market_sources=told))] == names


def test_the_embedded_database_gets_a_simulated_market(session: object) -> None:
    assert [source.name for source in chosen(replace(settings(), database_url=""))] == ["simulated"]


@pytest.mark.parametrize(
    "told",
    ["binance", "simulated,hz=0", "simulated,speed=2", "jupiter:ftp://x", "replay", "replay:/nowhere.csv", "pyth,pyth",
     "hz=3", "simulated,hz=2,hz=3", "coinbase:https://x"],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused(session: object, told: str) -> None:
    with pytest.raises(Refusal):
        chosen(replace(settings(), market_sources=told))


def test_a_recording_has_a_speed_and_a_loop(session: object, tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("symbol,at,price\nSOL,1620820800000,46\n", encoding="utf-8")
    (source,) = chosen(replace(settings(), market_sources=f"replay:{path}@60,loop=yes"))
    assert source.name == "replay"
    with pytest.raises(Refusal, match="speed is 'fast'"):
        chosen(replace(settings(), market_sources=f"replay:{path}@fast"))
