"""The market process killed, its stores hung and restarted: every accepted tick is stored, and none twice."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from random import Random

import pytest

from app.core import engines
from tests.core.engines.homes import new_home
from tests.faults.markets import STORED, Listener, Place, Pusher, held, place, wait_until

LONG = "LONG" in os.environ
KILLS = 20 if LONG else 2
IN_TIME_S = 3 if LONG else 20
"""What is promised; on a machine that does much else, only that it happens is asked for."""
OPENED = "SELECT count(*) FROM breaker_transitions WHERE kind = 'computed' AND to_state = 'open'"
OPENED_BECAUSE = "SELECT count(*) FROM breaker_transitions WHERE to_state = 'open' AND reason LIKE '%{}%'"
IN_CANDLES = "SELECT coalesce(sum(ticks), 0) FROM candles"
SILENCE = """
WITH opened AS (SELECT max(at) AS at FROM breaker_transitions WHERE kind = 'computed' AND to_state = 'open')
SELECT extract(epoch FROM (SELECT at FROM opened) - max(at)) FROM ticks WHERE at < (SELECT at FROM opened)
"""
pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def ground() -> Iterator[Place]:
    with new_home() as home, place(home) as made:
        yield made


@pytest.fixture
def here(ground: Place) -> Iterator[Place]:
    yield ground
    for market in ground.team:
        market.end()
    engines.ensure_valkey(ground.home)
    with ground.valkey() as store:
        store.flushall()  # what nobody stored is not for the next test


@contextmanager
def every_tick_stored_once(here: Place) -> Iterator[Pusher]:
    """Pushes during the body, and then waits until all that was accepted is in PostgreSQL, and in candles."""
    before, in_candles = here.ask(STORED)[0][0], here.ask(IN_CANDLES)[0][0]
    with Pusher(here) as pusher:
        wait_until(lambda: pusher.accepted > 0)
        yield pusher
        so_far = pusher.accepted
        wait_until(lambda: pusher.accepted > so_far + 100)
    wait_until(lambda: here.ask(STORED)[0][0] - before >= pusher.accepted)
    wait_until(lambda: here.ask(IN_CANDLES)[0][0] - in_candles >= pusher.accepted)
    time.sleep(0.5)
    count, distinct = here.ask(STORED)[0]
    assert (count - before, count) == (pusher.accepted, distinct)
    assert here.ask(IN_CANDLES)[0][0] - in_candles == pusher.accepted


def test_kills_lose_no_tick_and_store_none_twice(here: Place) -> None:
    rng, first = Random(), here.epoch()
    with every_tick_stored_once(here):
        for _ in range(KILLS):
            market = here.market()
            wait_until(partial(getattr, market, "leads"))
            time.sleep(rng.uniform(0, 0.8))
            market.end()
        here.market()
    assert here.epoch() > first + KILLS - 1


def test_a_standby_takes_over_within_three_seconds(here: Place) -> None:
    with every_tick_stored_once(here), Listener(here) as listener:
        leader = here.market()
        wait_until(lambda: leader.leads)
        standby = here.market()
        wait_until(lambda: "market started" in standby.said and bool(listener.frames))
        assert not standby.leads
        killed_ms = time.time() * 1000
        leader.end()
        wait_until(lambda: len(listener.epochs) == 2)
        newest = [frame for frame in listener.frames if frame["epoch"] == max(listener.epochs)]
    assert newest[0]["at"] - killed_ms < IN_TIME_S * 1000
    assert newest[0]["seq"] == 1


def test_asked_to_end_it_stores_what_it_has_and_ends(here: Place) -> None:
    with Pusher(here) as pusher:
        before = here.ask(STORED)[0][0]
        market = here.market()
        wait_until(lambda: here.ask(STORED)[0][0] > before)
        pusher.paused.set()
        time.sleep(0.1)
        market.get(signal.SIGTERM)
        wait_until(lambda: not market.lives)
    assert "market stopped" in market.said
    assert '"stored": true' in market.said


def test_frames_go_on_while_postgresql_hangs(here: Place) -> None:
    with every_tick_stored_once(here), Listener(here) as listener:
        market = here.market()
        wait_until(lambda: market.leads and bool(listener.frames))
        with held(here.server("PostgreSQL")):
            heard = len(listener.frames)
            time.sleep(3)
            behind = [frame["status"]["unstored_ms"] for frame in listener.frames[heard:] if "status" in frame]
            assert len(listener.frames) > heard + 10
            assert max(behind) > 1000
        assert len(listener.epochs) == 1


def killed(here: Place) -> None:
    os.kill(here.server("PostgreSQL"), signal.SIGKILL)


def restarted(here: Place) -> None:
    engines.stop(here.home, names=["PostgreSQL"])
    engines.ensure_postgres(here.home)


@pytest.mark.parametrize("trouble", [killed, restarted])
def test_it_leads_anew_when_postgresql_was_away(here: Place, trouble: Callable[[Place], None]) -> None:
    with every_tick_stored_once(here), Listener(here) as listener:
        market = here.market()
        wait_until(lambda: market.leads and bool(listener.frames))
        trouble(here)
        wait_until(lambda: len(listener.epochs) == 2)
        assert market.lives


def test_it_goes_on_when_valkey_hung(here: Place) -> None:
    before = here.ask(STORED)[0][0]
    with Pusher(here) as pusher, Listener(here) as listener:
        market = here.market()
        wait_until(lambda: market.leads and bool(listener.frames))
        with held(here.server("Valkey")):
            time.sleep(3)
        accepted, heard = pusher.accepted, len(listener.frames)
        wait_until(lambda: pusher.accepted > accepted + 100 and len(listener.frames) > heard + 5)
    wait_until(lambda: here.ask(STORED)[0][0] - before >= pusher.accepted)
    count, distinct = here.ask(STORED)[0]
    assert count == distinct
    assert market.lives


def test_it_goes_on_when_valkey_was_killed(here: Place) -> None:
    with Pusher(here) as pusher, Listener(here) as listener:
        market = here.market()
        wait_until(lambda: market.leads and bool(listener.frames))
        os.kill(here.server("Valkey"), signal.SIGKILL)
        engines.ensure_valkey(here.home)
        accepted, heard, stored = pusher.accepted, len(listener.frames), here.ask(STORED)[0][0]
        wait_until(lambda: pusher.accepted > accepted + 100 and len(listener.frames) > heard + 5)
        wait_until(lambda: here.ask(STORED)[0][0] > stored + 100)
    count, distinct = here.ask(STORED)[0]
    assert count == distinct


def test_it_goes_on_when_valkey_was_emptied(here: Place) -> None:
    with Pusher(here), Listener(here) as listener:
        market = here.market()
        wait_until(lambda: market.leads and bool(listener.frames))
        with here.valkey() as store:
            store.flushall()
        heard, stored = len(listener.frames), here.ask(STORED)[0][0]
        wait_until(lambda: len(listener.frames) > heard + 5 and here.ask(STORED)[0][0] > stored + 100)
        assert len(listener.epochs) == 1


def test_the_breaker_opens_when_the_feed_stops(here: Place) -> None:
    with Pusher(here) as pusher, Listener(here) as listener:
        market = here.market()
        wait_until(lambda: market.leads and len(listener.frames) > 20)
        before = here.ask(OPENED)
        pusher.paused.set()
        wait_until(lambda: here.ask(OPENED) > before)
        assert 3 <= here.ask(SILENCE)[0][0] <= IN_TIME_S + 0.5
        wait_until(lambda: states_in(listener)[-1:] == ["open"])


def test_the_breaker_opens_on_repeated_and_reordered_ticks_and_none_is_stored(here: Place) -> None:
    with every_tick_stored_once(here) as pusher, Listener(here) as listener:
        market = here.market()
        wait_until(lambda: market.leads and len(listener.frames) > 5)
        before = here.ask(OPENED_BECAUSE.format("were refused"))
        pusher.confused.set()
        wait_until(lambda: here.ask(OPENED_BECAUSE.format("were refused")) > before)
        pusher.confused.clear()


@pytest.mark.skipif(not LONG, reason="takes half a minute; make soak runs it")
def test_the_breaker_opens_when_frames_lag(here: Place) -> None:
    with every_tick_stored_once(here), Listener(here) as listener:
        market = here.market()
        wait_until(lambda: market.leads and bool(listener.frames))
        before = here.ask(OPENED_BECAUSE.format("to be sent on"))

        def lags() -> bool:
            with held(market.pid):
                time.sleep(1.5)
            return here.ask(OPENED_BECAUSE.format("to be sent on")) > before

        wait_until(lags)


@pytest.mark.skipif(not LONG, reason="takes half a minute; make soak runs it")
def test_the_breaker_closes_by_itself(here: Place) -> None:
    with Pusher(here) as pusher, Listener(here) as listener:
        here.market()
        wait_until(lambda: states_in(listener)[-1:] == ["closed"])
        pusher.paused.set()
        wait_until(lambda: states_in(listener)[-1:] == ["open"])
        pusher.paused.clear()
        wait_until(lambda: states_in(listener)[-1:] == ["closed"])


def states_in(listener: Listener) -> list[str]:
    return [frame["status"]["breaker"]["effective"] for frame in listener.frames if "status" in frame]
