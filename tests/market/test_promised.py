"""What alerts and health ask of the market."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.alerts.rules.found import Measured
from app.alerts.service import force_breaker, report_breaker
from app.audit.rules import SYSTEM
from app.core.clock import database_now
from app.market.queries.promised import SAID_OF_S, market_silent, uptime


def stored(session: Session, seconds_ago: int) -> None:
    session.execute(text("UPDATE market_position SET moved_at = now() - :ago"), {"ago": timedelta(seconds=seconds_ago)})
    session.commit()


def test_a_market_that_stores_nothing(session: Session) -> None:
    report_breaker("market", "closed", reason=None, next_probe_at=None, now=database_now())
    stored(session, 2)
    assert market_silent() == []
    stored(session, 20)
    assert [one.fingerprint for one in market_silent()] == ["service:market"]


def test_one_that_never_ran_is_missed_by_nobody(session: Session) -> None:
    stored(session, 600)
    assert market_silent() == []


def test_uptime_is_the_time_in_which_prices_may_be_relied_on(session: Session) -> None:
    now = database_now()
    stored(session, 0)
    report_breaker("market", "closed", reason=None, next_probe_at=None, now=now)
    assert uptime(now - timedelta(seconds=10), now) == [Measured("market.uptime", 10, 10)]
    force_breaker("market", state="open", reason="A rehearsal", minutes=1, by=SYSTEM)
    assert uptime(now - timedelta(seconds=10), now) == [Measured("market.uptime", 0, 10)]


def test_of_a_time_in_which_nobody_looked_little_is_said(session: Session) -> None:
    """Meant to fail when ten minutes without a worker count as ten minutes of uptime, all in the last of them."""
    now = database_now()
    (told,) = uptime(now - timedelta(minutes=10), now)
    assert told.total == SAID_OF_S
