"""What candles and latest prices tell an engine of the time before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select, text

from app.core.extensions import db
from app.market.models import LatestPrice
from app.market.rules.candles import start_of
from app.market.rules.changes import Day

DAY = 24 * 60
HOUR = 60
# The price an hour, or a day, ago is that of the last candle that had ended by then, which may be a day older still.
FIGURES = text("""
WITH day AS (
  SELECT token_id, sum(volume) AS volume, max(high) AS high, min(low) AS low
  FROM candles WHERE minute >= :day_ago AND minute < :until GROUP BY token_id
)
SELECT token_id, hour_ago.close, day_ago.close, volume, high, low FROM day
LEFT JOIN LATERAL (
  SELECT close FROM candles c WHERE c.token_id = day.token_id AND minute < :hour_ago AND minute >= :day_before_hour
  ORDER BY minute DESC LIMIT 1) hour_ago ON true
LEFT JOIN LATERAL (
  SELECT close FROM candles c WHERE c.token_id = day.token_id AND minute < :day_ago AND minute >= :day_before_day
  ORDER BY minute DESC LIMIT 1) day_ago ON true
""")


@dataclass(frozen=True)
class Past:
    """Figures of the day before `minute`, by token; those without a candle are not among them."""

    minute: int
    days: Mapping[int, Day]


@dataclass(frozen=True)
class LastKnown:
    token_id: int
    price: Decimal
    at: datetime


def past_before(minute: int) -> Past:
    """`minute` counts from 1970; it and what is after it are not looked at."""
    moments = {
        "until": minute, "hour_ago": minute - HOUR, "day_before_hour": minute - HOUR - DAY,
        "day_ago": minute - DAY, "day_before_day": minute - 2 * DAY,
    }  # fmt: skip
    rows = db.session.execute(FIGURES, {name: start_of(moment) for name, moment in moments.items()})
    return Past(minute, {row.token_id: Day(minute, *row[1:]) for row in rows})


def last_known_prices() -> Sequence[LastKnown]:
    found = select(LatestPrice.token_id, LatestPrice.price, LatestPrice.at)
    return [LastKnown(*row) for row in db.session.execute(found)]
