"""Turns: exactly as many as named in any window, for several processes, with Valkey there, away, and back."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError

from app.core.turns import SURE, Turns, in_database
from app.core.turns.in_valkey import KNOWS_SINCE
from app.core.turns.memory import Memory
from app.core.turns.window import Passed, Window

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


def test_an_outage_forgets_nothing(wire: Breakable, key: str) -> None:
    """Meant to fail without what each process remembers: sixteen went through."""
    processes = [Turns(), Turns()]
    assert passed(processes, key, 6) == 6
    processes[1].memory.tell()  # as each does five times a second
    wire.is_cut = True
    assert passed(processes, key, 10) == 4


def test_nor_does_the_end_of_an_outage(wire: Breakable, key: str) -> None:
    """Meant to fail by trusting Valkey at once: what the database counted did not count."""
    wire.is_cut = True
    assert passed([Turns(), Turns()], key, 8) == 8
    wire.is_cut = False
    wire._valkey.delete(KNOWS_SINCE)  # it was started anew
    assert passed([Turns(), Turns()], key, 10) == 2


def test_a_valkey_that_hung_knows_that_it_missed_something(wire: Breakable, key: str) -> None:
    here, elsewhere = Turns(), Turns()
    wire.is_cut = True
    assert passed([here], key, 8) == 8
    wire.is_cut, here._away_until = False, 0.0
    assert passed([here, elsewhere], key, 10) == 2


def test_a_hang_that_one_process_alone_met(wire: Breakable, key: str) -> None:
    """Meant to fail where the other one trusts Valkey, which knew nothing of these eight: ten more went through."""
    here, elsewhere = Turns(), Turns()
    assert passed([elsewhere], uuid4().hex, 1) == 1
    wire.is_cut = True
    assert passed([here], key, 8) == 8
    wire.is_cut = False
    elsewhere.exchange()  # as each does five times a second
    assert passed([elsewhere, here], key, 10) == 2


def test_who_was_stopped_meanwhile_looks_before_it_trusts_valkey(
    wire: Breakable, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, elsewhere = Turns(), Turns()
    assert passed([elsewhere], uuid4().hex, 1) == 1
    wire.is_cut = True
    assert passed([here], key, 8) == 8
    wire.is_cut = False
    monkeypatch.setattr("app.core.turns.doubts.BELIEVED_S", 0.0)
    assert passed([elsewhere], key, 10) == 2


def test_who_is_away_says_so_until_valkey_is_back(wire: Breakable, key: str) -> None:
    """Meant to fail by saying it once: after a minute the others trusted Valkey, and turns went past it still."""
    here = Turns()
    wire.is_cut = True
    assert passed([here], key, 1) == 1
    first = in_database.announced_at()
    here.exchange()
    assert (in_database.announced_at() or first) != first
    wire.is_cut, here._away_until = False, 0.0
    here.exchange()
    last = in_database.announced_at()
    here.exchange()
    assert (in_database.announced_at(), wire._valkey.exists(KNOWS_SINCE)) == (last, 0)


def test_what_the_database_gave_counts_in_valkey_later(wire: Breakable, key: str) -> None:
    wire._valkey.delete(KNOWS_SINCE)
    assert passed([Turns()], key, 7) == 7
    wire._valkey.set(KNOWS_SINCE, 1)
    assert passed([Turns()], key, 10) == 3


def test_one_waits_for_a_valkey_that_is_away_and_the_next_do_not(wire: Breakable, key: str) -> None:
    wire.is_cut = True
    passed([Turns()], key, 10)
    assert wire.asked == 1


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
