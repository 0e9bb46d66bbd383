"""A past period under other terms."""

from typing import Any

from sqlalchemy import func, select

from app.core.extensions import db
from app.referrals.models import Period, Referral
from app.referrals.queries.periods import terms
from app.referrals.rules.programmes import Terms
from app.referrals.rules.what_if import Happened, WhatIf, what_if

MOST = 50_000
"""So many qualified referrals are replayed, the first ones."""


def what_if_of(period_id: int, other: Terms) -> WhatIf:
    """Cost, winners and losers, against the period's own terms."""
    period = db.session.get_one(Period, period_id)
    of_period = Referral.period_id == period_id
    took: Any = Referral.signed_up_at - Referral.clicked_at
    found = (
        select(Referral.referrer_id, Referral.referred_id, took, Referral.state == "rejected", Referral.risk > 0)
        .where(of_period)
        .order_by(Referral.qualified_at, Referral.id)
        .limit(MOST)
    )
    happened = [Happened(*row) for row in db.session.execute(found)]
    people = {one.referrer_id for one in happened}
    before = (
        select(Referral.referrer_id, func.count())
        .where(Referral.referrer_id.in_(people), Referral.state.in_(("qualified", "rewarded")))
        .where(Referral.qualified_at < period.starts_at)
        .group_by(Referral.referrer_id)
    )
    earlier = {row[0]: row[1] for row in db.session.execute(before)}
    return what_if(happened, earlier, terms(period.programme_id), other)
