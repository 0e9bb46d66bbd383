"""Storing what the engine took in: ticks with latest prices, or candles, each with its position in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from psycopg import Cursor
from psycopg.errors import CheckViolation
from sqlalchemy import func, select

from app.core.errors import Refusal
from app.core.extensions import db
from app.market.models import MarketPosition
from app.market.rules.batches import TICK_COLUMNS, Batch, CandleBatch, CandlePart, Latest, Positions, place_of

COPY_TICKS = f"COPY ticks ({', '.join(TICK_COLUMNS)}) FROM STDIN (NULL '')"
DAY_OF_A_LINE = TICK_COLUMNS.index("at")
CANDLE_TYPES = ("int", "timestamptz", *["numeric"] * 7, "int")
LATEST_TYPES = ("int", "numeric", "timestamptz", *["int"] * 3, *["numeric"] * 3, "int", "int", "text")
LATE = timedelta(hours=1)
"""How old a tick may be when it comes in."""
AHEAD_DAYS = 2


class PositionMoved(Refusal):
    """Somebody else stored a part of the batch: who holds it no longer leads."""

    def __init__(self, batch: Batch | CandleBatch, found: str) -> None:
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


def positions() -> Positions:
    """Reading goes on after that of candles."""
    found = select(MarketPosition.stream_id, MarketPosition.candles_id)
    return Positions(*db.session.execute(found).one())


def store(batch: Batch | CandleBatch) -> bool:
    """Stores a batch that begins where the stored position is, once; False when it is stored already.

    A day without a table gets one. Raises PositionMoved when another process stored a part of the batch.
    """
    try:
        return _store(batch)
    except CheckViolation as error:
        if error.diag.constraint_name is not None:
            raise
        db.session.rollback()
        _make(_days_of(batch))
        return _store(batch)


def make_days(now: datetime) -> bool:
    """Makes the tables of the days to come, and those a late tick needs; whether any was missing."""
    first = (now - LATE).date()
    return _make({first + timedelta(days=days) for days in range(AHEAD_DAYS + 2)})


def _store(batch: Batch | CandleBatch) -> bool:
    row = db.session.execute(select(MarketPosition).with_for_update().execution_options(populate_existing=True))
    stored = row.scalar_one()
    at = stored.stream_id if isinstance(batch, Batch) else stored.candles_id
    if at != batch.since:
        db.session.rollback()
        if place_of(at) >= place_of(batch.upto):
            return False
        raise PositionMoved(batch, at)
    if isinstance(batch, Batch):
        _write(batch)
        stored.stream_id, stored.moved_at = batch.upto, func.clock_timestamp()
    else:
        _add(batch.parts)
        stored.candles_id = batch.upto
    db.session.commit()
    return True


def _write(batch: Batch) -> None:
    with _cursor() as cursor:
        if batch.ticks:
            with cursor.copy(COPY_TICKS) as copy:
                copy.write(batch.ticks)
        if batch.latest:
            cursor.execute(REPLACE_LATEST, _arrays(batch.latest))


def _add(parts: Sequence[CandlePart]) -> None:
    if parts:
        with _cursor() as cursor:
            cursor.execute(ADD_CANDLES, _arrays(parts))


def _make(days: Iterable[date]) -> bool:
    made = [db.session.execute(select(func.make_market_day(day))).scalar_one() for day in sorted(days)]
    db.session.commit()
    return any(made)


def _days_of(batch: Batch | CandleBatch) -> set[date]:
    if isinstance(batch, CandleBatch):
        return {part.minute.date() for part in batch.parts}
    stamps = (line.split("\t")[DAY_OF_A_LINE] for line in batch.ticks.splitlines())
    return {date.fromisoformat(at) for at in {stamp[:10] for stamp in stamps}}


def _cursor() -> "Cursor[Any]":
    return cast(Cursor[Any], db.session.connection().connection.cursor())


def _arrays(rows: Iterable[tuple[object, ...]]) -> list[str]:
    """Each column as the text of an array: what PostgreSQL reads quickest of what a driver can send."""
    columns = (",".join(map(str, column)).replace("None", "NULL") for column in zip(*rows, strict=True))
    return [f"{{{column}}}" for column in columns]
