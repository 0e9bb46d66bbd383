"""How calmly somebody reviews."""

from datetime import timedelta
from typing import cast

from sqlalchemy import func, select

from app.core.extensions import db, settings
from app.whitelist.models import Decision, SecondLook
from app.whitelist.rules.calm import APPROVALS, LOOKS, Pace

LATELY = timedelta(days=1)


def pace_of(reviewer_id: str) -> Pace:
    """Of their last approvals within a day those made sooner than WHITELIST_CALM_S, and how others saw it."""
    mine = Decision.decided_by_id == reviewer_id, Decision.submission_id.is_not(None)
    took = func.extract("epoch", Decision.decided_at - Decision.opened_at)
    approvals = (
        select(took.label("took"))
        .where(*mine, Decision.kind == "approve", Decision.decided_at > func.now() - LATELY)
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(APPROVALS)
        .subquery()
    )
    looks = (
        select((SecondLook.verdict == Decision.kind).label("agrees"))
        .join(Decision, Decision.id == SecondLook.decision_id)
        .where(*mine, SecondLook.verdict.is_not(None))
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(LOOKS)
        .subquery()
    )
    asked = (
        select(func.count()).select_from(approvals).where(approvals.c.took < settings().whitelist_calm_s),
        select(func.count()).select_from(looks),
        select(func.count()).select_from(looks).where(looks.c.agrees),
    )
    row = db.session.execute(select(*(part.scalar_subquery() for part in asked))).one()
    return Pace(*cast(tuple[int, int, int], tuple(row)))
