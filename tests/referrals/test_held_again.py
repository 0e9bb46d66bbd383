"""What was approved goes back on hold when its referral begins to look wrong, and on when somebody has looked."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.payouts.jobs.paying import pay_due
from app.payouts.models import Journal, LedgerAccount, Payout
from app.payouts.service.approving import cancel
from app.payouts.service.ledger import deposit
from app.payouts.service.proposing import propose
from app.referrals.models import Code, Programme, Reward
from app.referrals.queries.rewards import reward
from app.referrals.queries.risk import held_lamports
from app.referrals.service.funding import note_funding
from app.referrals.service.reviewing import clear_signals, reject_signals
from app.referrals.service.signups import SignedUp
from tests.contests.rows import address
from tests.payouts.people import SYSTEM_OF_TESTS, approved, batch_of, colleague
from tests.referrals.linking import ANN, referrer, running_period
from tests.referrals.playing import later, qualified, referral_of, rewards_of, wallet_of, work
from tests.referrals.test_stopping import states


@pytest.fixture
def code(session: Session) -> Code:
    """Friends earn 10, their referrer 50 and for the second of them 100."""
    period = running_period()
    session.add(Programme(
        starts_at=period.starts_at, signup_lamports=10, contest_lamports=50, milestones={"2": 100}, places=[],
        window_days=30, hold_days=7, made_by="Test", reason="Test",
    ))  # fmt: skip
    session.commit()
    return referrer()


@pytest.fixture
def done(code: Code) -> SignedUp:
    """The second of two friends, whose rewards are approved."""
    qualified(code)
    done = qualified(code)
    later(7)
    work()
    assert states(done) == {"signup": "approved", "contest": "approved", "milestone": "approved"}
    return done


def flag(done: SignedUp) -> None:
    """Player and referrer turn out to be funded by one wallet."""
    funder = address()
    told = {wallet_of(referral_of(done).referred_id): funder, ANN: funder}
    note_funding(told, by=SYSTEM_OF_TESTS)
    work()


def debt(session: Session) -> int:
    return -session.get_one(LedgerAccount, "referral_payable", populate_existing=True).balance_lamports


def test_what_is_in_no_batch_waits_for_whoever_looks(done: SignedUp, code: Code, session: Session) -> None:
    flag(done)
    assert states(done) == {"signup": "held", "contest": "held", "milestone": "held"}
    of_these = Payout.reward_id.in_([one.id for one in rewards_of(done)])
    assert set(session.scalars(select(Payout.state).where(of_these))) == {"cancelled"}
    told = reward(rewards_of(done)[0].id)
    assert told is not None
    assert "held until somebody has looked at shared funding" in told.sentence
    assert (debt(session), held_lamports(code.person_id)) == (60, 160)  # the first friend's rewards go on


def test_a_list_of_what_was_seen_before_is_refused(done: SignedUp) -> None:
    flag(done)
    with pytest.raises(Refusal, match="add up to 60 lamports now, not 220"):
        propose("rewards", lamports=220, size=19, by=colleague("ann"))


def test_cleared_it_is_approved_again_and_paid_once(done: SignedUp, code: Code, session: Session) -> None:
    flag(done)
    clear_signals(code.person_id, "shared_funding", upto=10**9, note="An exchange", by=SYSTEM_OF_TESTS)
    later(1)
    work()
    assert set(states(done).values()) == {"approved"}
    assert debt(session) == 220
    deposit(1_000, reference="test", reason="For rewards", by=colleague("cid"))
    approved(propose("rewards", lamports=220, size=19, by=colleague("ann")).batches[0], colleague("ben"))
    while pay_due():
        work()
    assert (set(states(done).values()), debt(session)) == ({"paid"}, 0)
    named = session.scalars(select(Journal.reference).where(Journal.kind == "reward"))
    assert {f"{rewards_of(done)[0].id}", f"{rewards_of(done)[0].id}:1"} <= set(named)


def test_rejected_after_the_look_it_is_not_paid(done: SignedUp, code: Code, session: Session) -> None:
    flag(done)
    reject_signals(code.person_id, "shared_funding", upto=10**9, reason="One purse", by=SYSTEM_OF_TESTS)
    later(1)
    work()
    assert states(done) == {"signup": "rejected", "contest": "rejected", "milestone": "held"}
    assert debt(session) == 60


def test_what_is_on_a_list_is_held_when_it_comes_back(done: SignedUp, session: Session) -> None:
    ann = colleague("ann")
    batch = batch_of(propose("rewards", lamports=220, size=19, by=ann).batches[0])
    work()
    flag(done)
    assert set(states(done).values()) == {"in_batch"}
    cancel(batch.id, version=batch.version, reason="Look again", by=ann)
    work()
    assert states(done) == {"signup": "held", "contest": "held", "milestone": "held"}
    assert debt(session) == 60


def test_a_milestone_with_friends_enough_is_not_held(done: SignedUp, code: Code) -> None:
    qualified(code)
    flag(done)
    assert states(done) == {"signup": "held", "contest": "held", "milestone": "approved"}


def test_the_database_holds_nothing_that_still_has_a_payout(done: SignedUp, session: Session) -> None:
    one = session.get_one(Reward, rewards_of(done)[0].id)
    one.state = "held"
    with pytest.raises(IntegrityError, match="still has a payout"):
        session.flush()
