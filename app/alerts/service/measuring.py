"""Adding what was measured to the minutes and hours of health; forgetting what is too old to count."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert

from app.alerts.models import AlertWatch, HealthHour, HealthMinute
from app.alerts.rules.found import Measured
from app.core.extensions import db

MINUTES_KEPT, HOURS_KEPT = timedelta(days=2), timedelta(days=100)


def claim_measuring(since: datetime | None, *, until: datetime) -> bool:
    """Whether what happened since then is this worker's to measure: only one finds it as it was read."""
    mine = AlertWatch.measured_at.is_not_distinct_from(since)
    claimed = update(AlertWatch).where(mine).values(measured_at=until).returning(AlertWatch.id)
    is_mine = db.session.scalars(claimed).one_or_none() is not None
    db.session.commit()
    return is_mine


def keep_measured(measured: Sequence[Measured], *, until: datetime) -> None:
    """Adds what was measured up to then, and forgets what is too old."""
    told = [one for one in measured if one.total]
    for table, unit in ((HealthMinute, "minute"), (HealthHour, "hour")):
        for one in told:
            row = insert(table).values(
                target=one.target, at=func.date_trunc(unit, until), good=one.good, total=one.total,
                worst_ms=one.worst_ms,
            )  # fmt: skip
            more = {
                "good": table.good + one.good, "total": table.total + one.total,
                "worst_ms": func.greatest(table.worst_ms, one.worst_ms),
            }  # fmt: skip
            db.session.execute(row.on_conflict_do_update(index_elements=[table.target, table.at], set_=more))
    db.session.execute(delete(HealthMinute).where(HealthMinute.at < until - MINUTES_KEPT))
    db.session.execute(delete(HealthHour).where(HealthHour.at < until - HOURS_KEPT))
    db.session.commit()
