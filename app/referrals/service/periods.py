"""Periods end and begin by themselves; an admin closes them."""

from datetime import datetime

from sqlalchemy import select

from app.audit.rules import Actor
from app.audit.service import record
from app.core.extensions import db
from app.referrals.models import Period
from app.referrals.queries.periods import terms_at
from app.referrals.rules.periods import next_span


def turn_periods(now: datetime, *, kind: str, by: Actor) -> bool:
    """Ends the period that is over, and opens the one that holds now; whether there was anything to do."""
    wanted = select(Period).where(Period.state == "open").with_for_update().execution_options(populate_existing=True)
    running = db.session.scalars(wanted).one_or_none()
    if running is not None and running.ends_at > now:
        return False
    if running is not None:
        running.state = "ended"
        db.session.flush()
        record("referrals:period:end", object_type="period", object_id=running.id, by=by)
    last = db.session.scalars(select(Period.ends_at).order_by(Period.ends_at.desc()).limit(1)).one_or_none()
    whole = next_span(kind, last or now.replace(year=2000), now)
    period = Period(
        kind=kind, starts_at=whole.starts_at, ends_at=whole.ends_at, programme_id=terms_at(whole.starts_at).version
    )
    db.session.add(period)
    db.session.flush()
    record(
        "referrals:period:open", object_type="period", object_id=period.id, by=by,
        after={"kind": kind, "starts_at": whole.starts_at.isoformat(), "ends_at": whole.ends_at.isoformat()},
    )  # fmt: skip
    db.session.commit()
    return True
