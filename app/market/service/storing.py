"""Storing what the engine took in: ticks, candles, latest prices and the position, all in one transaction."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, cast

from psycopg import Cursor
from psycopg.errors import CheckViolation
from sqlalchemy import func, select

from app.core.errors import Refusal
from app.core.extensions import db
from app.market.models import MarketPosition
from app.market.rules.batches import TICK_COLUMNS, Batch, CandlePart, Latest, place_of

COPY_TICKS = f"COPY ticks ({', '.join(TICK_COLUMNS)}) FROM STDIN (NULL '')"
DAY_OF_A_LINE = TICK_COLUMNS.index("at")
CANDLE_TYPES = ("int", "timestamptz", *["numeric"] * 7, "int")
LATEST_TYPES = ("int", "numeric", "timestamptz", *["int"] * 3, *["numeric"] * 3, "int", "int", "text")
LATE = timedelta(hours=1)
"""How old a tick may be when it comes in."""
AHEAD_DAYS = 2


class PositionMoved(Refusal):
    """Somebody else stored a part of the batch: who holds it no longer leads."""

    def __init__(self, batch: Batch, found: str) -> None:
        super().__init__(
            f"Ticks after {batch.since} cannot be stored: the stored position is {found} by now.",
            "Read the stream again from there.",
        )


def _upsert(table: str, columns: tuple[str, ...], types: tuple[str, ...], key: tuple[str, ...], changes: str) -> str:
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    return (
        f"INSERT INTO {table} AS old ({', '.join(columns)}) SELECT * FROM unnest({arrays}) ORDER BY 1, 2"  # noqa: S608 (names of ours)
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"
    )


ADD_CANDLES = _upsert(
    "candles", CandlePart._fields, CANDLE_TYPES, ("token_id", "minute"),
    "high = greatest(old.high, excluded.high), low = least(old.low, excluded.low), close = excluded.close, "
    + ", ".join(f"{name} = old.{name} + excluded.{name}" for name in ("volume", "bought", "sold", "ticks")),
)  # fmt: skip
REPLACE_LATEST = _upsert(
    "latest_prices", Latest._fields, LATEST_TYPES, ("token_id",),
    ", ".join(f"{name} = excluded.{name}" for name in Latest._fields[1:]),
)


def position() -> str:
    """The last entry of the stream whose ticks are stored; reading goes on after it."""
    return db.session.execute(select(MarketPosition.stream_id)).scalar_one()


def store(batch: Batch) -> bool:
    """Stores a batch that begins where the stored position is, once; False when it is stored already.

    A day without a table gets one. Raises PositionMoved when another process stored a part of the batch.
    """
    try:
        return _store(batch)
    except CheckViolation as error:
        if error.diag.constraint_name is not None:
            raise
        db.session.rollback()
        _make({*_days_of_ticks(batch), *(part.minute.date() for part in batch.candles)})
        return _store(batch)


def make_days(now: datetime) -> bool:
    """Makes the tables of the days to come, and those a late tick needs; whether any was missing."""
    first = (now - LATE).date()
    return _make({first + timedelta(days=days) for days in range(AHEAD_DAYS + 2)})


def _store(batch: Batch) -> bool:
    row = db.session.execute(select(MarketPosition).with_for_update().execution_options(populate_existing=True))
    stored = row.scalar_one()
    if stored.stream_id != batch.since:
        db.session.rollback()
        if place_of(stored.stream_id) >= place_of(batch.upto):
            return False
        raise PositionMoved(batch, stored.stream_id)
    with _cursor() as cursor:
        if batch.ticks:
            with cursor.copy(COPY_TICKS) as copy:
                copy.write(batch.ticks)
        if batch.candles:
            cursor.execute(ADD_CANDLES, _arrays(batch.candles))
        if batch.latest:
            cursor.execute(REPLACE_LATEST, _arrays(batch.latest))
    stored.stream_id, stored.moved_at = batch.upto, func.clock_timestamp()
    db.session.commit()
    return True


def _make(days: Iterable[date]) -> bool:
    made = [db.session.execute(select(func.make_market_day(day))).scalar_one() for day in sorted(days)]
    db.session.commit()
    return any(made)


def _days_of_ticks(batch: Batch) -> set[date]:
    stamps = (line.split("\t")[DAY_OF_A_LINE] for line in batch.ticks.splitlines())
    return {date.fromisoformat(at) for at in {stamp[:10] for stamp in stamps}}


def _cursor() -> "Cursor[Any]":
    return cast(Cursor[Any], db.session.connection().connection.cursor())


def _arrays(rows: Iterable[tuple[object, ...]]) -> list[str]:
    """Each column as the text of an array: what PostgreSQL reads quickest of what a driver can send."""
    columns = (",".join(map(str, column)).replace("None", "NULL") for column in zip(*rows, strict=True))
    return [f"{{{column}}}" for column in columns]
