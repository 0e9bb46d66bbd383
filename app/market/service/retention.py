"""Forgetting old prices: whole days of ticks and whole months of candles. Evidence keeps the ticks it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, text

from app.audit.rules import SYSTEM, Actor
from app.audit.service import record
from app.core.extensions import db, settings

SPANS = text("""
SELECT parent.relname AS kind, child.relname AS name, pg_stat_get_live_tuples(child.oid) AS rows,
  pg_total_relation_size(child.oid) AS bytes
FROM pg_inherits JOIN pg_class parent ON parent.oid = inhparent JOIN pg_class child ON child.oid = inhrelid
WHERE inhparent IN ('ticks_live'::regclass, 'candles'::regclass) ORDER BY child.relname
""")
PATIENCE = text("SET LOCAL lock_timeout = '200ms'")
LONGEST_MONTH = timedelta(days=31)


@dataclass(frozen=True)
class Span:
    """A day of ticks or a month of candles with its table; `rows` is the database's own estimate."""

    kind: str
    name: str
    until: datetime
    rows: int
    bytes: int


def old_spans(now: datetime) -> Sequence[Span]:
    """What ended longer ago than it has to be kept, by table name."""
    kept = {"ticks_live": settings().tick_days, "candles": settings().candle_days}
    spans = [Span(row.kind, row.name, _end(row.name), row.rows, row.bytes) for row in db.session.execute(SPANS)]
    return [span for span in spans if span.until <= now - timedelta(days=kept[span.kind])]


def forget(now: datetime, *, dry_run: bool = False, by: Actor = SYSTEM) -> Sequence[Span]:
    """Drops the tables of what is old, all or none, and returns what they were; a dry run only says which.

    A reader that holds one of them for longer than a moment wins: then nothing is dropped, and it is tried again.
    """
    found = old_spans(now)
    if dry_run or not found:
        return found
    db.session.execute(PATIENCE)
    for span in found:
        db.session.execute(select(func.drop_market_span(span.name)))
    names = {"tables": [span.name for span in found], "bytes": sum(span.bytes for span in found)}
    record("market:history:forget", object_type="market", object_id="history", by=by, after=names)
    db.session.commit()
    return found


def _end(name: str) -> datetime:
    """The first moment after a span, from the name of its table: `ticks_live_20260304`, `candles_202603`."""
    digits = name.rsplit("_", 1)[1]
    if len(digits) == len("YYYYMMDD"):
        return datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC) + timedelta(days=1)
    first = datetime.strptime(digits, "%Y%m").replace(tzinfo=UTC)
    return (first + LONGEST_MONTH).replace(day=1)
