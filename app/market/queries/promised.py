"""What alerts and health ask of the market: whether anybody looks at it, and how its promises are kept."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.alerts.queries import breaker
from app.alerts.rules.found import Found, Measured
from app.core import traffic
from app.core.extensions import db, settings
from app.market.models import MarketPosition
from app.market.queries.halt import SILENCE, halt
from app.market.queries.latest import latest_rows
from app.market.rules.feeds import BREAKER

PARTS = ("prices",)
SAID_OF_S = 60
"""What is true now says something of so long a time before. Of the hour in which nobody looked it says nothing."""


def market_silent() -> Sequence[Found]:
    """Who stores nothing also computes no breaker: that it is closed says nothing any more."""
    found = select(MarketPosition.moved_at, func.clock_timestamp() - MarketPosition.moved_at > SILENCE)
    moved_at, is_silent = db.session.execute(found).one()
    if not is_silent or breaker(BREAKER) is None:
        return []
    what = f"The market process has stored nothing since {moved_at:%F %T} UTC: contests on live prices are held"
    return [Found("service:market", "critical", "Market does not answer", what, "Start it: `flask market run`")]


def uptime(since: datetime, until: datetime) -> Sequence[Measured]:
    seconds = max(1, min(SAID_OF_S, int((until - since).total_seconds())))
    return [Measured("market.uptime", 0 if halt() else seconds, seconds)]


def latency(_since: datetime, _until: datetime) -> Sequence[Measured]:
    """The feed's own p99 from tick to frame, as the engine tells it now."""
    status = latest_rows().status
    lag_ms = status["lag_p99_ms"] if status else None
    if lag_ms is None:
        return []
    return [Measured("market.latency", int(lag_ms <= settings().market_latency_goal_ms), 1, int(lag_ms))]


def calls(_since: datetime, _until: datetime) -> Sequence[Measured]:
    good, bad = traffic.taken(PARTS)
    return [Measured("market.errors", good, good + bad)]
