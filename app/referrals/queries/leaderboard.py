"""How long a leaderboard is."""

from sqlalchemy import func, select

from app.core.extensions import db
from app.referrals.models import Standing


def standings_count(period_id: int, most: int) -> int:
    """Counted no further than one past `most`."""
    some = select(Standing.person_id).where(Standing.period_id == period_id).limit(most + 1).subquery()
    return db.session.execute(select(func.count(some.c.person_id))).scalar_one()
