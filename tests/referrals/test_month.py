"""A month with nine kinds of fraud: it is stopped before anything is paid, and honest people hardly notice."""

import os
from collections.abc import Callable

from flask import Flask
from sqlalchemy import or_, select

from app.core.extensions import db
from app.referrals.models import Referral, Reward, Standing
from tests.referrals.linking import running_period
from tests.referrals.month import EXCHANGES, FRAUDS, Month, fill, honest, shares
from tests.referrals.playing import later, plays, work

LONG = "LONG" in os.environ
EACH, HONEST, CLICKS = (200, 2000, 50_000) if LONG else (10, 60, 600)
LEAST_RECALL, MOST_HELD = 95, 2


def test_fraud_is_stopped_and_honest_people_are_paid(committing_app: Callable[..., Flask]) -> None:
    """Of a whole month it shows by itself who is an exchange; of a few people it does not."""
    app = committing_app(referral_known_funders="" if LONG else ",".join(EXCHANGES))
    with app.app_context():
        month = Month(seed=7)
        running_period(days_ago=31, days=40)
        honest(month, HONEST)
        for kind in FRAUDS:
            kind(month, EACH)
        fill(month, CLICKS)
        plays(*month.wallets)
        work()
        later(8)
        work()
        stopped = set(
            db.session.scalars(select(Referral.id).where(or_(Referral.risk > 0, Referral.state == "rejected")))
        )
        found = shares(month, stopped)
        paid = {
            number
            for number in db.session.scalars(select(Reward.referral_id).where(Reward.state == "approved"))
            if number
        }
        print(month.count, "clicks;", {kind: f"{share:.1f} %" for kind, share in found.items()})
        frauds = {number for number, kind in month.labels.items() if kind != "honest"}
        assert len(frauds & stopped) * 100 >= LEAST_RECALL * len(frauds)
        assert found["honest"] <= (MOST_HELD if LONG else 10)
        assert paid & stopped == set()
        assert not any(month.labels[number] in {"same_person", "circle"} for number in paid)
        assert len(set(month.labels) & paid) * 10 >= 9 * HONEST
        assert counted_anew() == {
            row.person_id: row.counted for row in db.session.scalars(select(Standing)) if row.counted
        }


def counted_anew() -> dict[int, int]:
    """What standings keep, computed from the referrals themselves."""
    found: dict[int, int] = {}
    for row in db.session.scalars(select(Referral)):
        if row.state in {"qualified", "rewarded"} and row.risk == 0:
            found[row.referrer_id] = found.get(row.referrer_id, 0) + 1
    return found
