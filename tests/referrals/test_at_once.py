"""Two workers at two friends at once: nothing is lost between them, no cap is passed, and both get done."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text

from app.core.extensions import db
from app.referrals.jobs.following import look_at_next, notice_next_contest
from app.referrals.models import Programme, Referral, Reward, SourceTally
from tests.contests.rows import address
from tests.referrals.linking import referrer, running_period
from tests.referrals.playing import plays, referral_of, signed_up, wallet_of

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@pytest.fixture
def app(committing: Flask) -> Flask:
    """A second friend is a milestone, and the cap has room for one bonus and the milestone."""
    with committing.app_context():
        period = running_period()
        db.session.add(Programme(
            starts_at=period.starts_at - timedelta(days=1), signup_lamports=0, contest_lamports=50,
            milestones={"2": 10}, places=[], window_days=30, hold_days=7, cap_lamports=99, made_by="T", reason="T",
        ))  # fmt: skip
        referrer()
        referrer("BOB-1", address())
        db.session.remove()
    return committing


def about_to_qualify(*codes: str) -> None:
    friends = [signed_up(code) for code in codes]
    while look_at_next():
        continue
    plays(*(wallet_of(referral_of(one).referred_id) for one in friends))
    notice_next_contest()
    db.session.rollback()


def look(app: Flask) -> None:
    with app.app_context():
        assert look_at_next()
        db.session.remove()


def both_look(app: Flask, engine: Engine) -> None:
    """Both come as far as they can while somebody else holds what every reward is counted in."""
    workers = [threading.Thread(target=look, args=(app,)) for _ in range(2)]
    with engine.connect() as holder, holder.begin():
        holder.execute(select(SourceTally).with_for_update())
        for worker in workers:
            worker.start()
        until = time.monotonic() + 30
        while waiting(engine) < 2 and time.monotonic() < until:
            time.sleep(0.02)
    for worker in workers:
        worker.join()


def waiting(engine: Engine) -> Any:
    with engine.connect() as watcher:
        return watcher.execute(WAITING).scalar_one()


def test_the_second_friend_is_a_milestone_and_the_cap_holds(app: Flask) -> None:
    with app.app_context():
        about_to_qualify("ANN-1", "ANN-1")
        both_look(app, db.engine)
        rewards = db.session.execute(select(Reward.cause, Reward.state).order_by(Reward.id)).all()
        assert [tuple(one) for one in rewards] == [("contest", "held"), ("contest", "rejected"), ("milestone", "held")]


def test_two_referrers_do_not_lock_each_other_out(app: Flask) -> None:
    with app.app_context():
        about_to_qualify("ANN-1", "BOB-1")
        both_look(app, db.engine)
        assert list(db.session.scalars(select(Referral.state))) == ["qualified", "qualified"]
