"""The months of clicks: their tables are made ahead, and go 90 days after their last click."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, text

from app.audit.rules import Actor
from app.audit.service import record
from app.core.extensions import db
from app.referrals.models import Visit
from app.referrals.rules.clicks import COUNTED_ONCE_IN
from app.referrals.rules.hashing import KEPT

PARTITIONS = text(
    "SELECT relname FROM pg_partition_tree('clicks') JOIN pg_class ON oid = relid WHERE isleaf ORDER BY 1"
)
FORGOTTEN_AT_ONCE = 5000


def make_months(now: datetime) -> bool:
    """Whether this month's table or the next one's was missing."""
    made = [
        db.session.execute(select(func.make_click_month(at))).scalar_one() for at in (now, now + timedelta(days=28))
    ]
    db.session.commit()
    return any(made)


def forget_clicks(now: datetime, *, by: Actor) -> list[str]:
    """Drops the months whose last click is older than 90 days. Referrals keep what they need of theirs."""
    first = now - KEPT
    oldest = f"clicks_{first:%Y_%m}"
    gone = [name for name in db.session.scalars(PARTITIONS) if name < oldest]
    for name in gone:
        db.session.execute(select(func.drop_click_month(name)))
        record("referrals:click:forget", object_type="click_month", object_id=name, by=by)
    db.session.commit()
    return gone


def forget_visits(now: datetime) -> bool:
    """Whether there were visits whose 24 hours are over."""
    old = select(Visit.fingerprint).where(Visit.at < now - COUNTED_ONCE_IN).order_by(Visit.at).limit(FORGOTTEN_AT_ONCE)
    gone = db.session.execute(
        Visit.__table__.delete().where(Visit.fingerprint.in_(old)).returning(Visit.fingerprint)  # type: ignore[attr-defined]  # it is a Table
    ).all()
    db.session.commit()
    return bool(gone)
