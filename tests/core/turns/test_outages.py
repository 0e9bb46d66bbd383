"""No turn is given twice where Valkey is away, hangs or comes back, or one process alone met that."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from uuid import uuid4

import pytest

from app.core.turns import Turns, in_database
from app.core.turns.in_valkey import KNOWS_SINCE
from tests.core.turns.conftest import LENGTH_S, Breakable, passed


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


def test_nobody_trusts_valkey_while_the_first_look_still_opens_its_connection(wire: Breakable, key: str) -> None:
    """Meant to fail where the others waited for it a quarter of a second: seven more went through by Valkey."""
    here, elsewhere = Turns(), Turns()
    wire.is_cut = True
    assert passed([here], key, 8) == 8
    wire.is_cut = False
    with ThreadPoolExecutor(8) as crowd:
        with elsewhere.doubts._looking:  # somebody's look takes its time
            waiting = [crowd.submit(copy_context().run, elsewhere.acquire_entry, key, 10, LENGTH_S) for _ in range(8)]
            time.sleep(0.4)
        assert sum(one.result() for one in waiting) == 2


def test_who_waited_for_a_database_that_hangs_waits_no_more(
    wire: Breakable, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.turns.doubts.PATIENCE_S", 0.05)
    here = Turns()
    with here.doubts._looking:  # somebody's look does not come back
        assert passed([here], key, 12) == 10
        assert not here.doubts._database_answers
    here.doubts.look()
    assert here.doubts._database_answers
    assert wire.asked == 12


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
