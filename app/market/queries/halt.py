"""Whether anything may be decided on live prices, now or at a moment of the past."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.alerts.queries import breaker, breaker_at
from app.alerts.rules.breakers import BreakerState
from app.core.extensions import db
from app.market.models import MarketPosition
from app.market.rules.feeds import BREAKER

SILENCE = timedelta(seconds=15)
"""A market process that has stored nothing for so long no longer looks: what it computed last says nothing."""


@dataclass(frozen=True)
class Halt:
    """Why nothing may be decided, as the end of a sentence, and since when; None when that is not known."""

    why: str
    since: datetime | None


def halt() -> Halt | None:
    """None while live prices may be relied on. A person who forces the breaker closed answers for that."""
    state = breaker(BREAKER)
    if state is not None and state.forced and not state.is_open:
        return None
    return _open(state) or _silent()


def halt_at(moment: datetime) -> Halt | None:
    """What the breaker said then."""
    return _open(breaker_at(BREAKER, moment))


def stored_until() -> datetime | None:
    """When the market process last stored ticks; None while it never did."""
    return db.session.execute(select(MarketPosition.moved_at)).scalar_one_or_none()


def _open(state: BreakerState | None) -> Halt | None:
    if state is None:
        return Halt("the market process had not reported yet", None)
    if not state.is_open:
        return None
    why = (state.reason or "no reason was told").rstrip(".")
    return Halt(f"the market breaker is {state.state.replace('_', '-')} ({why})", state.since)


def _silent() -> Halt | None:
    found = select(MarketPosition.moved_at, func.clock_timestamp() - MarketPosition.moved_at > SILENCE)
    moved_at, is_silent = db.session.execute(found).one()
    return Halt("the market process has stored no tick for a while", moved_at) if is_silent else None
