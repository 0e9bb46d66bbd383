"""A contest that was paid: the pending referrals of its paid entries are looked at now."""

from datetime import datetime

from sqlalchemy import select, update

from app.contests.queries.playing import paid_entries
from app.core.extensions import db
from app.referrals.models import Person, QualifyingContest, Referral


def due_contest(now: datetime) -> int | None:
    """The next contest to notice, held until the commit; no other worker has it."""
    wanted = (
        select(QualifyingContest.contest_id)
        .where(QualifyingContest.next_try_at <= now, QualifyingContest.dead_at.is_(None))
        .order_by(QualifyingContest.next_try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return db.session.scalars(wanted).one_or_none()


def notice_contest(contest_id: int, now: datetime) -> int:
    """How many referrals are looked at because of it. Commits."""
    players = select(Person.id).where(Person.wallet.in_(select(paid_entries(contest_id).subquery().c.wallet)))
    waiting = select(Referral.id).where(Referral.state == "pending", Referral.referred_id.in_(players))
    held = waiting.order_by(Referral.id).with_for_update()
    looked = update(Referral).where(Referral.id.in_(held)).values(next_look_at=now).returning(Referral.id)
    found = db.session.execute(looked.execution_options(synchronize_session=False)).all()
    done = {"done_at": now, "next_try_at": None, "attempts": 0, "last_error": None}
    db.session.execute(update(QualifyingContest).filter_by(contest_id=contest_id).values(done))
    db.session.commit()
    return len(found)
