"""What waits for the worker. A row is locked to the end of the transaction; one that another worker has is skipped."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from app.contests.models import Contest, Entry, Import
from app.core.extensions import db
from app.market.queries.halt import halt, stored_until
from app.market.rules.feeds import LIVE_FEED

TO_EVALUATE = ("price_check", "delayed")
TO_IMPORT = ("received", "importing")
LATEST_TICK = timedelta(seconds=2)
"""A tick of the window that was under way at the end is stored by then, or it is late."""


Due = Row[int, str]


def start_due(grace: timedelta) -> Due | None:
    """A contest whose time has come and that has its players, or has waited for them long enough."""
    eligible = select(func.count()).where(Entry.contest_id == Contest.id, Entry.disqualified.is_(False))
    now = func.clock_timestamp()
    is_decided = or_(eligible.scalar_subquery() >= Contest.min_participants, Contest.starts_at + grace <= now)
    return _first(_rows(Contest.starts_at, "scheduled").where(Contest.starts_at <= now, is_decided), needs_market=True)


def end_due() -> Due | None:
    return _first(_rows(Contest.ends_at, "live").where(Contest.ends_at <= func.clock_timestamp()))


def check_due() -> Due | None:
    """A contest that ended a moment ago; of one on live prices every tick of its window is stored by then."""
    wanted = _rows(Contest.next_try_at, "ended").where(Contest.next_try_at <= func.clock_timestamp())
    stored = or_(Contest.feed_id != LIVE_FEED, Contest.ends_at + LATEST_TICK <= (stored_until() or func.now()))
    return _first(wanted.where(stored), needs_market=True)


def contest_due() -> Due | None:
    """The contest that has waited longest for its evaluation."""
    wanted = _rows(Contest.next_try_at, *TO_EVALUATE)
    return _first(wanted.where(Contest.next_try_at <= func.clock_timestamp()), needs_market=True)


def final_due() -> Due | None:
    """A draft that nobody was asked to decide about and whose challenge window is over."""
    wanted = _rows(Contest.next_try_at, "proposed")
    return _first(wanted.where(Contest.next_try_at <= func.clock_timestamp()))


def _rows(order: Any, *states: str) -> Select[int, str]:
    """Those of the states that have not been given up and do not rest after a failure."""
    rests = Contest.next_try_at > func.clock_timestamp()
    return (
        select(Contest.id, Contest.code)
        .where(Contest.state.in_(states), Contest.dead_at.is_(None), rests.is_not(True))
        .order_by(order)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _first(wanted: Select[int, str], *, needs_market: bool = False) -> Due | None:
    """While nothing may be decided on live prices, contests that take them wait as they are."""
    found = db.session.execute(wanted).one_or_none()
    if found is None or not needs_market or halt() is None:
        return found
    return db.session.execute(wanted.where(Contest.feed_id != LIVE_FEED)).one_or_none()


def import_due() -> Import | None:
    """The oldest bundle to look at or to import."""
    due = select(Import).where(Import.state.in_(TO_IMPORT)).order_by(Import.id).limit(1)
    locked = due.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return db.session.scalars(locked).one_or_none()
