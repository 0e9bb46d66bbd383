"""A section of the stream on its way into PostgreSQL, ticks as the stream has them."""

import structlog
from redis import Redis

from app.core.database import take_time
from app.core.extensions import db, settings
from app.market.engine.sections import Section
from app.market.engine.stream import entries_between, forget_until
from app.market.rules.batches import Batch, tick_line
from app.market.rules.wire import Entry
from app.market.service.storing import store

log = structlog.get_logger(__name__)
NO_MARKS: dict[int, str] = {}


def store_section(stream: Redis, section: Section) -> None:
    """Stores it once, however often it is tried; then the stream may forget it. Raises PositionMoved."""
    lines: list[str] = []
    for entry_id, entry in entries_between(stream, section.since, section.upto):
        lines += lines_of(entry, section.marks.get(entry_id, NO_MARKS))
    take_time(db.session, settings())
    is_new = store(Batch(section.since, section.upto, "".join(lines), section.parts, section.latest))
    if is_new and len(lines) != section.ticks:
        log.error("the stream lost ticks before they were stored", taken=section.ticks, stored=len(lines))
    forget_until(stream, section.upto)


def lines_of(entry: Entry, marks: dict[int, str]) -> list[str]:
    if not marks:
        return [tick_line(line) for line in entry.lines]
    return [tick_line(line, marks.get(place, "")) for place, line in enumerate(entry.lines)]
