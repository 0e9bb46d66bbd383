"""The engine's loop under ticks that never pause, on a clock that a test turns."""

from collections.abc import Iterator
from threading import Event

import pytest
from flask import Flask
from redis import Redis

from app.market.engine.book import Book
from app.market.engine.frames import Press
from app.market.engine.keeper import Facts, Keeper
from app.market.engine.loop import Loop
from app.market.engine.sections import Sections
from app.market.engine.stream import Clock, Reader
from app.market.engine.watchman import Watchman
from app.market.queries.past import Past
from app.market.rules import wire
from app.market.rules.batches import START, Positions
from app.market.rules.candles import minute_of
from app.market.rules.ticks import TokenState

BEGAN_US = 1_790_000_000_000_000
EVERY_US = 50_000


class TurnedClock(Clock):
    at_us = BEGAN_US

    def now_us(self) -> int:
        return self.at_us

    @property
    def is_due(self) -> bool:
        return False


@pytest.fixture
def store(market_valkey: str) -> Iterator[Redis]:
    with Redis.from_url(market_valkey) as store:
        store.flushdb()
        yield store
        store.flushdb()


def told(store: Redis, token_id: int, price: str, at_us: int) -> None:
    line = wire.encoded(token_id, "alpha", price, volume="", side="", at_us=at_us)
    fields = {wire.PAYLOAD: line, wire.ACCEPTED_AT: at_us, wire.COUNT: 1, wire.REJECTS: "{}", wire.ORIGIN: "alpha"}
    store.xadd(wire.STREAM, fields)  # type: ignore[arg-type]  # its stubs want one kind of value


def test_minutes_end_and_changes_are_told_while_ticks_never_pause(app: Flask, store: Redis) -> None:
    """Meant to fail where each frame put off the look at the time: with twenty a second none was ever taken."""
    clock, book, sections = TurnedClock(), Book(BEGAN_US), Sections(Positions(), BEGAN_US)
    facts = Facts({"a mint": TokenState(1, True)}, None)
    with app.app_context():
        keeper = Keeper(app, sections, facts, Past(minute_of(BEGAN_US), {}))
    loop = Loop(
        store=store, clock=clock, reader=Reader(store, START), book=book, sections=sections, keeper=keeper,
        press=Press(1), watchman=Watchman(facts, BEGAN_US), frame_ms=50, ends=[Event()],
    )  # fmt: skip
    told(store, 2, "7", BEGAN_US)
    for step in range(1, 62 * 20):
        clock.at_us = BEGAN_US + step * EVERY_US
        told(store, 1, f"{100 + step}", clock.at_us)
        loop.finish()
    assert book.minute == minute_of(clock.at_us)
    assert book.tokens["1"].row[3] is not None  # the change of a minute
    assert book.tokens["2"].fresh == 0  # silent for a minute
