"""Processes that take turns, and a wire to Valkey that a test may cut."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError

from app.core.turns import Turns
from app.core.turns.in_valkey import KNOWS_SINCE

LENGTH_S = 60


class Breakable:
    """Valkey over a wire that a test may cut."""

    def __init__(self, valkey: Redis) -> None:
        self._valkey = valkey
        self.is_cut = False
        self.asked = 0

    def eval(self, *words: Any) -> Any:
        self.asked += 1
        if self.is_cut:
            raise RedisError("cut")
        return self._valkey.eval(*words)

    def delete(self, name: str) -> Any:
        if self.is_cut:
            raise RedisError("cut")
        return self._valkey.delete(name)


@pytest.fixture
def wire(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Breakable]:
    """A Valkey that has known all turns for an hour; when cut, it is asked again only when a test says so."""
    monkeypatch.setattr("app.core.turns.SHORTEST_PAUSE_S", 600.0)
    monkeypatch.setattr("app.core.turns.doubts.SETTLES_S", 0.0)
    own = app.extensions["valkey"]
    own.set(KNOWS_SINCE, 1)
    app.extensions["valkey"] = wire = Breakable(own)
    with app.app_context():
        yield wire
    app.extensions["valkey"] = own


@pytest.fixture
def key() -> str:
    return uuid4().hex


def passed(processes: list[Turns], key: str, wanted: int, *, most: int = 10, length_s: int = LENGTH_S) -> int:
    """How many of so many turns are given, asked of the processes by turns."""
    return sum(processes[one % len(processes)].acquire_entry(key, most, length_s) for one in range(wanted))
