"""What an open breaker of the market would hold up within the hour."""

from datetime import timedelta

from sqlalchemy import func, select

from app.alerts.rules.radius import Radius
from app.contests.models import Contest
from app.core.extensions import db
from app.market.rules.feeds import LIVE_FEED

SOON = timedelta(hours=1)
LOOKED_AT = 200


def held_up() -> Radius:
    now = func.clock_timestamp()
    mine = select(Contest.code).where(Contest.feed_id == LIVE_FEED).order_by(Contest.starts_at, Contest.id)
    starting = mine.where(Contest.state == "scheduled", Contest.starts_at < now + SOON)
    ending = mine.where(Contest.state.in_(("live", "ended", "price_check", "delayed")), Contest.ends_at < now + SOON)
    starts, ends = (list(db.session.scalars(found.limit(LOOKED_AT))) for found in (starting, ending))
    return Radius(starts, ends)
