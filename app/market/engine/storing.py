"""A section of the stream on its way into PostgreSQL, ticks as the stream has them."""

from collections.abc import Mapping

import structlog
from redis import Redis

from app.core.database import take_time
from app.core.extensions import db, settings
from app.market.engine.sections import Section
from app.market.engine.stream import entries_between, forget_until
from app.market.rules.batches import Batch, tick_line, tick_lines
from app.market.rules.wire import Entry
from app.market.service.storing import store

log = structlog.get_logger(__name__)
NO_MARKS: Mapping[int, str] = {}


def store_section(stream: Redis, section: Section) -> None:
    """Stores it once, however often it is tried; then the stream may forget it. Raises PositionMoved."""
    texts, ticks = [], 0
    for entry_id, entry in entries_between(stream, section.since, section.upto):
        texts.append(copy_text(entry, section.marks.get(entry_id, NO_MARKS)))
        ticks += len(entry.lines)
    take_time(db.session, settings())
    is_new = store(Batch(section.since, section.upto, "".join(texts), section.latest))
    if is_new and ticks != section.ticks:
        log.error("the stream lost ticks before they were stored", taken=section.ticks, stored=ticks)
    if section.candles is not None:
        take_time(db.session, settings())
        store(section.candles)
        forget_until(stream, section.candles.upto)


def copy_text(entry: Entry, marks: Mapping[int, str]) -> str:
    """One `tick_line` a tick."""
    if entry.count and not marks:
        return tick_lines(entry.payload)
    return "".join(tick_line(line, marks.get(place, "")) for place, line in enumerate(entry.lines))
