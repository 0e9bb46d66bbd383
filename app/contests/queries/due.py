"""What waits for the worker. A row is locked to the end of the transaction; one that another worker has is skipped."""

from sqlalchemy import Row, func, select

from app.contests.models import Contest, Import
from app.core.extensions import db
from app.market.queries.halt import halt
from app.market.rules.feeds import LIVE_FEED

TO_EVALUATE = ("price_check", "delayed")
TO_IMPORT = ("received", "importing")


def contest_due() -> Row[int, str] | None:
    """Id and code of the contest that has waited longest for its evaluation.

    While nothing may be decided on live prices, contests that take them wait as they are.
    """
    due = (
        select(Contest.id, Contest.code)
        .where(Contest.state.in_(TO_EVALUATE), Contest.next_try_at <= func.clock_timestamp(), Contest.dead_at.is_(None))
        .order_by(Contest.next_try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = db.session.execute(due).one_or_none()
    if found is None or halt() is None:
        return found
    return db.session.execute(due.where(Contest.feed_id != LIVE_FEED)).one_or_none()


def import_due() -> Import | None:
    """The oldest bundle to look at or to import."""
    due = select(Import).where(Import.state.in_(TO_IMPORT)).order_by(Import.id).limit(1)
    locked = due.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return db.session.scalars(locked).one_or_none()
