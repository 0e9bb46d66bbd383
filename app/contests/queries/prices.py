"""The settlement prices of an evaluation, and the market around the end of a contest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, text

from app.contests.models import SettlementPrice, SettlementTick
from app.core.extensions import db
from app.market.queries import token_names

TOKENS_SHOWN = 200
AROUND_END = timedelta(minutes=5)
POINTS = 600
"""At most so many points a source: longer spans get coarser, evenly."""
POINTS_OF_FEED = text("""
    SELECT date_bin(:step, at, :start) AS at, source, (array_agg(price ORDER BY at DESC, id DESC))[1] AS price
    FROM ticks
    WHERE feed_id = :feed AND token_id = :token AND at >= :start AND at <= :stop AND price > 0
    GROUP BY 1, 2 ORDER BY 1, 2
""")


@dataclass(frozen=True)
class Settled:
    """A token's settlement price with all that says how good it is. `ticks` of the window were kept as they were."""

    token_id: int
    symbol: str
    mint: str
    price: Decimal | None
    seconds: int
    longest_gap_s: int
    gap_from: datetime | None
    gap_to: datetime | None
    sources: dict[str, Any]
    reasons: list[str]


@dataclass(frozen=True)
class Point:
    at: datetime
    source: str
    price: Decimal


@dataclass(frozen=True)
class Stretch:
    """The stretch of time a chart shows, in even steps."""

    start: datetime
    stop: datetime
    window_from: datetime
    window_to: datetime
    step: timedelta


def settled(evaluation_id: int) -> Sequence[Settled]:
    """The token with the longest gap first."""
    named = token_names()
    found = (
        select(
            SettlementPrice.token_id, named.c.symbol, named.c.mint, SettlementPrice.price, SettlementPrice.seconds,
            SettlementPrice.longest_gap_s, SettlementPrice.gap_from, SettlementPrice.gap_to, SettlementPrice.sources,
            SettlementPrice.reasons,
        )
        .join(named, named.c.id == SettlementPrice.token_id)
        .where(SettlementPrice.evaluation_id == evaluation_id)
        .order_by(SettlementPrice.longest_gap_s.desc(), named.c.symbol, named.c.mint)
        .limit(TOKENS_SHOWN)
    )  # fmt: skip
    return [Settled(*row) for row in db.session.execute(found)]


def ticks_kept(evaluation_id: int) -> int:
    found = select(func.count()).where(SettlementTick.evaluation_id == evaluation_id)
    return db.session.execute(found).scalar_one()


def span(ends_at: datetime, window_s: int) -> Stretch:
    window = timedelta(seconds=window_s)
    start, stop = ends_at - max(window, AROUND_END), ends_at + AROUND_END
    step = max(1, -(-int((stop - start).total_seconds()) // POINTS))
    return Stretch(start, stop, ends_at - window, ends_at, timedelta(seconds=step))


def points(feed_id: int, token_id: int, stretch: Stretch) -> Sequence[Point]:
    """The last price of each source in each step, as the feed has it."""
    values = {
        "feed": feed_id, "token": token_id, "start": stretch.start, "stop": stretch.stop, "step": stretch.step,
    }  # fmt: skip
    return [Point(*row) for row in db.session.execute(POINTS_OF_FEED, values)]
