"""What was earned is paid by the payout desk, or stopped wherever it is: held, planned, or back from a batch."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.rules import Actor
from app.core.clock import database_now
from app.payouts.jobs.paying import pay_due
from app.payouts.models import Payout
from app.payouts.service.approving import cancel
from app.payouts.service.ledger import deposit
from app.payouts.service.proposing import Proposed, propose
from app.referrals.models import Code, Period, Programme, Reward, SourceTally, Standing
from app.referrals.queries.rewards import reward
from app.referrals.service.rejecting import reject
from app.referrals.service.reviewing import ban_person
from app.referrals.service.signups import SignedUp
from tests.payouts.people import SYSTEM_OF_TESTS, approved, batch_of, colleague
from tests.referrals.linking import ANN, referrer, running_period
from tests.referrals.playing import later, qualified, referral_of, rewards_of, touched, work


@pytest.fixture
def period(session: Session) -> Period:
    """Every first friend is a milestone."""
    period = running_period()
    session.add(Programme(
        starts_at=period.starts_at - timedelta(days=1), signup_lamports=10, contest_lamports=50, milestones={"1": 100},
        places=[], window_days=30, hold_days=7, made_by="Test", reason="Test",
    ))  # fmt: skip
    session.commit()
    return period


@pytest.fixture
def code(period: Period) -> Code:
    return referrer()


@pytest.fixture
def done(code: Code) -> SignedUp:
    """A friend whose rewards are approved."""
    done = qualified(code)
    later(7)
    work()
    assert states(done) == {"signup": "approved", "contest": "approved", "milestone": "approved"}
    return done


def states(signup: SignedUp) -> dict[str, str]:
    return {one.cause: one.state for one in rewards_of(signup)}


def listed(by: Actor | None = None) -> Proposed:
    proposed = propose("rewards", lamports=160, size=19, by=by or colleague("ann"))
    work()
    return proposed


def banned(code: Code) -> None:
    ban_person(code.person_id, wallet=ANN, reason="Sock puppets", by=SYSTEM_OF_TESTS)


def payouts(session: Session) -> set[str]:
    return set(session.scalars(select(Payout.state)))


def test_a_reward_on_an_approved_list_is_paid_by_the_worker(done: SignedUp, period: Period, session: Session) -> None:
    deposit(1_000, reference="test", reason="For rewards", by=colleague("cid"))
    batch_id = listed().batches[0]
    approved(batch_id, colleague("ben"))
    while pay_due():
        work()
    assert (set(states(done).values()), payouts(session)) == ({"paid"}, {"paid"})
    assert referral_of(done).state == "rewarded"
    tally = session.get_one(SourceTally, (period.id, "x-com", "launch"), populate_existing=True)
    assert (tally.rewarded, tally.lamports) == (1, 160)
    told = reward(rewards_of(done)[0].id)
    assert told is not None
    assert f"paid in batch {batch_id} on" in told.sentence


def test_a_ban_stops_what_waits_for_a_batch_and_counts_it_no_more(
    done: SignedUp, code: Code, period: Period, session: Session
) -> None:
    banned(code)
    assert (set(states(done).values()), payouts(session)) == ({"rejected"}, {"cancelled"})
    tally = session.get_one(SourceTally, (period.id, "x-com", "launch"), populate_existing=True)
    standing = session.get_one(Standing, (period.id, code.person_id), populate_existing=True)
    assert (tally.lamports, standing.lamports) == (0, 0)


def test_what_comes_back_from_a_batch_of_somebody_banned_is_not_paid(
    done: SignedUp, code: Code, session: Session
) -> None:
    ann = colleague("ann")
    batch = batch_of(listed(ann).batches[0])
    banned(code)
    work()
    assert set(states(done).values()) == {"in_batch"}
    cancel(batch.id, version=batch.version, reason="Somebody was banned", by=ann)
    work()
    assert (set(states(done).values()), payouts(session)) == ({"rejected"}, {"cancelled"})
    assert rewards_of(done)[1].rejected_reason == "Whoever earned it was banned."


def test_of_a_rejected_referral_only_the_milestone_comes_back_and_waits_for_friends(done: SignedUp) -> None:
    ann = colleague("ann")
    batch = batch_of(listed(ann).batches[0])
    reject(referral_of(done), reason="A circle", now=database_now())
    cancel(batch.id, version=batch.version, reason="Look again", by=ann)
    work()
    assert states(done) == {"signup": "rejected", "contest": "rejected", "milestone": "held"}
    assert rewards_of(done)[0].rejected_reason == "A circle"


def test_a_ban_between_two_looks_of_the_worker_stops_nothing_that_is_listed(done: SignedUp, code: Code) -> None:
    propose("rewards", lamports=160, size=19, by=colleague("ann"))
    banned(code)
    assert set(states(done).values()) == {"approved"}
    work()
    assert set(states(done).values()) == {"in_batch"}


def test_a_reward_that_is_due_after_a_ban_is_taken_back(code: Code, period: Period, session: Session) -> None:
    done = qualified(code)
    assert session.get_one(Standing, (period.id, code.person_id), populate_existing=True).lamports == 150
    touched("UPDATE people SET banned_at = now(), banned_by = 'Test', ban_reason = 'Test'", "people")
    later(7)
    work()
    assert set(states(done).values()) == {"rejected"}
    assert session.get_one(Standing, (period.id, code.person_id), populate_existing=True).lamports == 0


def test_a_milestone_waits_for_another_friend_when_the_one_who_reached_it_is_rejected(
    code: Code, session: Session
) -> None:
    done = qualified(code)
    reject(referral_of(done), reason="A circle", now=database_now())
    session.commit()
    later(7)
    work()
    assert states(done) == {"signup": "rejected", "contest": "rejected", "milestone": "held"}
    qualified(code)
    later(1)
    work()
    assert states(done)["milestone"] == "approved"
    assert len(session.scalars(select(Reward).where(Reward.cause == "milestone")).all()) == 1
