"""Turns: exactly as many as named in any window, for several processes."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import pytest
from flask import Flask

from app.core.turns import SURE, Turns, in_database
from app.core.turns.memory import Memory
from app.core.turns.window import Passed, Window
from tests.core.turns.conftest import LENGTH_S, Breakable, passed


@pytest.mark.usefixtures("wire")
@pytest.mark.parametrize("kind", ["", SURE])
def test_as_many_as_named_over_all_processes(key: str, kind: str) -> None:
    assert passed([Turns(), Turns(), Turns()], kind + key, 35) == 10


@pytest.mark.usefixtures("wire")
@pytest.mark.parametrize("kind", ["", SURE])
def test_at_once(key: str, kind: str) -> None:
    turns = Turns()
    with ThreadPoolExecutor(8) as crowd:
        waiting = [crowd.submit(copy_context().run, turns.acquire_entry, kind + key, 10, LENGTH_S) for _ in range(40)]
        assert sum(one.result() for one in waiting) == 10


@pytest.mark.parametrize("kind", ["", SURE])
def test_over_the_edge_of_a_window(key: str, kind: str, pass_time: Callable[[str, float], None]) -> None:
    """Meant to fail with a fixed window: ten more went through after the edge."""
    turns = [Turns()]
    assert passed(turns, kind + key, 6) == 6
    pass_time(kind + key, 30.0)
    assert passed(turns, kind + key, 10) == 4
    pass_time(kind + key, 31.0)
    assert passed(turns, kind + key, 10) == 6


@pytest.fixture
def pass_time(app: Flask, wire: Breakable) -> Callable[[str, float], None]:
    """Moves what was counted so many seconds into the past: the clocks are the servers' own."""

    def move(key: str, seconds: float) -> None:
        window = Window(key, 10, LENGTH_S)
        name, valkey = f"turns:{window.digest.hex()}", wire._valkey
        moments: Any = valkey.lrange(name, 0, -1)
        for place, moment in enumerate(moments):
            valkey.lset(name, place, str(int(moment) - int(seconds * 1e6)))
        with in_database.engine().connect() as connection:
            moved = "UPDATE turns SET at = at - make_interval(secs => %s) WHERE key = %s"
            connection.exec_driver_sql(moved, (seconds, window.digest))

    return move


def test_sure_turns_never_ask_valkey(wire: Breakable, key: str) -> None:
    assert passed([Turns()], SURE + key, 12) == 10
    assert wire.asked == 0


@pytest.mark.usefixtures("wire")
@pytest.mark.parametrize("kind", ["", SURE])
def test_what_the_answer_says(key: str, kind: str) -> None:
    turns = Turns()
    assert passed([turns], kind + key, 3) == 3
    _since, count = turns.get_moving_window(kind + key, 10, LENGTH_S)
    assert count == 3


@pytest.mark.parametrize("kind", ["", SURE])
def test_the_oldest_turn_is_given_back_first(key: str, kind: str, pass_time: Callable[[str, float], None]) -> None:
    """What RateLimit says in `t`."""
    turns = Turns()
    passed([turns], kind + key, 1)
    pass_time(kind + key, 40.0)
    passed([turns], kind + key, 1)
    since, count = turns.get_moving_window(kind + key, 10, LENGTH_S)
    assert (count, round(since + LENGTH_S - time.time())) == (2, 20)


@pytest.mark.usefixtures("wire")
def test_a_turn_that_is_told_counts_as_if_taken_then(key: str) -> None:
    window = Window(key, 3, LENGTH_S)
    in_database.note([Passed(window, age) for age in (61.0, 50.0, 40.0, 5.0)])
    found = in_database.take(window)
    assert (found.is_allowed, found.count, round(found.oldest_age_s)) == (False, 3, 50)


def test_what_cannot_be_told_is_told_later(app: Flask, key: str) -> None:
    memory, window = Memory(), Window(key, 3, LENGTH_S)
    memory.note(window)
    with pytest.raises(RuntimeError, match="application context"):
        memory.tell()
    with app.app_context():
        memory.tell()
        memory.tell()
        assert in_database.take(window).count == 2


@pytest.mark.usefixtures("wire")
def test_old_turns_are_forgotten(key: str) -> None:
    in_database.note([Passed(Window(key, 3, 1_000_000), 90_000.0)])
    assert in_database.forget() >= 1
