"""A month with nine kinds of fraud: it is stopped before anything is paid, and honest people hardly notice."""

import os
from collections import Counter
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, or_, select

from app.core.extensions import db
from app.referrals.models import Click, Code, Referral, Reward, Standing
from app.referrals.rules.counting import Places, in_standings
from app.referrals.service.counting import weighed
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
        approved = select(Reward.referral_id).where(Reward.state == "approved", Reward.cause.in_(("signup", "contest")))
        paid = {number for number in db.session.scalars(approved) if number is not None}
        print(month.count, "clicks;", {kind: f"{share:.1f} %" for kind, share in found.items()})
        frauds = {number for number, kind in month.labels.items() if kind != "honest"}
        assert len(frauds & stopped) * 100 >= LEAST_RECALL * len(frauds)
        assert found["honest"] <= (MOST_HELD if LONG else 10)
        assert paid & stopped == set()
        assert not any(month.labels[number] in {"same_person", "circle"} for number in paid)
        assert len(set(month.labels) & paid) * 10 >= 9 * HONEST
        assert standings() == standings_anew()


COUNTED = ("clicks", "signups", "pending", "qualified", "counted", "flagged", "lamports")


def standings() -> Places:
    """Every number that is kept of a referrer, by the person and what it counts."""
    rows = db.session.scalars(select(Standing).execution_options(populate_existing=True)).all()
    return +Counter({(row.person_id, name): getattr(row, name) for row in rows for name in COUNTED})


def standings_anew() -> Places:
    """The same, of the one period there is, from the clicks, referrals and rewards themselves."""
    found: Places = Counter()
    for row in db.session.scalars(select(Referral)):
        for (_, name), amount in in_standings(weighed(row)).items():
            found[row.referrer_id, name] += amount
    clicked = select(Code.person_id, func.count()).join(Click, Click.code_id == Code.id)
    for person, count in db.session.execute(clicked.where(Click.verdict == "counted").group_by(Code.person_id)):
        found[person, "clicks"] = count
    earned = select(Reward.person_id, func.sum(Reward.lamports)).where(Reward.state != "rejected")
    for person, lamports in db.session.execute(earned.where(Reward.cause != "signup").group_by(Reward.person_id)):
        found[person, "lamports"] = int(lamports)
    return found
