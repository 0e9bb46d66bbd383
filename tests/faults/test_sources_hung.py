"""Prices that the market process gets by itself go on while the database hangs."""

import time

import pytest

from app.market.sources.port import LISTINGS_MS
from tests.core.engines.homes import new_home
from tests.faults.markets import Listener, held, place, wait_until

pytestmark = pytest.mark.faults


def test_sources_go_on_while_postgresql_hangs() -> None:
    """For longer than what they know of tokens and of listings is kept without being read again."""
    with new_home() as home, place(home, sources="simulated,hz=10") as here, Listener(here) as listener:
        market = here.market()
        wait_until(lambda: market.leads and any(frame["rows"] for frame in listener.frames))
        with held(here.server("PostgreSQL")):
            time.sleep(2 * LISTINGS_MS / 1000)
            heard = len(listener.frames)
            wait_until(lambda: sum(bool(frame["rows"]) for frame in listener.frames[heard:]) > 5, patience_s=20)
        assert len(listener.epochs) == 1
        market.end()
