"""Work that fails is tried eight times with pauses, then given up with an alert, and can be begun again."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alerts.models import Alert
from app.contests.models import Contest
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.referrals.jobs.following import approve_next
from app.referrals.jobs.trying import tried
from app.referrals.models import QualifyingContest, Referral, Reward
from app.referrals.rules.trying import TRIES
from app.referrals.service.failing import note_failure, retry
from tests.payouts.people import SYSTEM_OF_TESTS
from tests.referrals.linking import referrer, running_period
from tests.referrals.playing import later, qualified, referral_of, rewards_of, signed_up, touched, work


def broken() -> None:
    raise ValueError("no such wallet")


def test_a_failure_waits_and_is_tried_again(session: Session) -> None:
    running_period()
    referrer()
    number = signed_up("ANN-1").referral_id
    assert number is not None
    tried("referral", number, broken)
    row = session.get_one(Referral, number, populate_existing=True)
    assert (row.attempts, row.last_error, row.dead_at) == (1, "ValueError: no such wallet", None)
    assert row.next_look_at is not None
    assert 0 <= (row.next_look_at - database_now()).total_seconds() + 5 <= 6


@pytest.mark.parametrize("failures", [1, 2, 5])
def test_after_some_failures_there_is_exactly_one_reward(session: Session, failures: int) -> None:
    running_period()
    done = qualified(referrer())
    later(8)
    work_number = rewards_of(done)[1].id
    for _ in range(failures):
        note_failure("reward", work_number, "no room")
    touched("UPDATE rewards SET next_try_at = now()", "rewards")
    while approve_next():
        continue
    states = session.scalars(select(Reward.state)).all()
    assert list(states) == ["approved", "approved"]


def test_after_eight_tries_it_is_given_up_and_somebody_is_told(session: Session) -> None:
    running_period()
    done = qualified(referrer())
    number = rewards_of(done)[0].id
    assert [note_failure("reward", number, "no room") for _ in range(TRIES)] == [False] * (TRIES - 1) + [True]
    alert = session.scalars(select(Alert).where(Alert.subject == f"Referrals: reward {number}")).one()
    assert f"flask referrals retry reward {number}" in alert.next_step
    later(30)
    work()
    assert rewards_of(done)[0].state == "held"
    retry("reward", number, by=SYSTEM_OF_TESTS)
    work()
    assert rewards_of(done)[0].state == "approved"
    assert session.get_one(Alert, alert.id, populate_existing=True).state == "resolved"


@pytest.mark.usefixtures("session")
def test_only_what_was_given_up_is_begun_again() -> None:
    running_period()
    referrer()
    row = referral_of(signed_up("ANN-1"))
    with pytest.raises(Refusal, match="was not given up"):
        retry("referral", row.id, by=SYSTEM_OF_TESTS)
    with pytest.raises(Refusal, match="There is no reward 0"):
        retry("reward", 0, by=SYSTEM_OF_TESTS)


def test_a_paid_contest_is_noticed_once(session: Session) -> None:
    running_period()
    done = qualified(referrer())
    row = session.scalars(select(QualifyingContest)).one()
    contest = session.scalars(select(Contest)).one()
    assert (row.contest_id, row.done_at is not None, row.next_try_at) == (contest.id, True, None)
    assert referral_of(done).contest_id == contest.id
    db.session.rollback()
