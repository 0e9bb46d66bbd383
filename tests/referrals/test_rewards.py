"""From a paid contest to a paid reward: qualified, held seven days, approved, in a batch, paid; each once."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.extensions import db
from app.payouts.models import Payout
from app.payouts.service.proposing import propose
from app.referrals.models import Programme, Reward, SourceTally, Standing
from app.referrals.queries.rewards import reward
from app.referrals.service.reviewing import ban_person
from tests.payouts.people import SYSTEM_OF_TESTS, colleague
from tests.referrals.linking import ANN, referrer, running_period
from tests.referrals.playing import later, plays, qualified, referral_of, rewards_of, signed_up, wallet_of, work


def states(signup: object) -> list[str]:
    return [one.state for one in rewards_of(signup)]  # type: ignore[arg-type]  # a SignedUp


def test_a_paid_contest_qualifies_and_two_rewards_are_held(session: Session) -> None:
    period, code = running_period(), referrer()
    done = qualified(code)
    row = referral_of(done)
    assert (row.state, row.period_id) == ("qualified", period.id)
    assert [(one.kind, one.lamports, one.state) for one in rewards_of(done)] == [
        ("signup_bonus", 10_000_000, "held"), ("contest_bonus", 50_000_000, "held"),
    ]  # fmt: skip
    standing = session.get_one(Standing, (period.id, code.person_id), populate_existing=True)
    tally = session.get_one(SourceTally, (period.id, "x-com", "launch"), populate_existing=True)
    assert (standing.pending, standing.qualified, standing.counted, standing.lamports) == (0, 1, 1, 50_000_000)
    assert (tally.signups, tally.qualified, tally.rewarded, tally.lamports) == (1, 1, 0, 60_000_000)


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(("state", "fee"), [("ended", 100), ("void", 100), ("paid", 0)])
def test_contests_that_are_void_free_or_not_paid_yet_qualify_nobody(state: str, fee: int) -> None:
    running_period()
    referrer()
    done = signed_up("ANN-1")
    plays(wallet_of(referral_of(done).referred_id), state=state, fee=fee)
    work()
    assert referral_of(done).state == "pending"


@pytest.mark.usefixtures("session")
def test_a_second_contest_earns_nothing_more() -> None:
    running_period()
    code = referrer()
    done = qualified(code)
    plays(wallet_of(referral_of(done).referred_id))
    work()
    assert len(rewards_of(done)) == 2
    bonus = rewards_of(done)[1]
    names = ("person_id", "kind", "cause", "referral_id", "period_id", "programme_id", "lamports")
    with pytest.raises(IntegrityError, match="uq_rewards_entitlement"):
        db.session.execute(insert(Reward).values({name: getattr(bonus, name) for name in names}))


def test_after_seven_days_a_payout_is_planned_and_paid_through_a_batch(session: Session) -> None:
    running_period()
    done = qualified(referrer())
    work()
    assert states(done) == ["held", "held"]
    plays(wallet_of(referral_of(done).referred_id))
    later(7)
    work()
    assert states(done) == ["approved", "approved"]
    total = sum(one.lamports for one in session.scalars(select(Payout).where(Payout.kind == "referral")))
    assert total == 60_000_000
    proposed = propose("rewards", lamports=total, size=19, by=colleague("ann"))
    work()
    assert states(done) == ["in_batch", "in_batch"]
    told = reward(rewards_of(done)[1].id)
    assert told is not None
    assert told.sentence.endswith(f"(rule v1), on its way in batch {proposed.batches[0]}.")


@pytest.mark.usefixtures("session")
def test_no_hold_no_risk_the_database_refuses_what_is_too_early() -> None:
    running_period()
    done = qualified(referrer())
    early = update(Reward).where(Reward.referral_id == done.referral_id).values(state="approved", payout_id=1)
    with pytest.raises(IntegrityError, match="its time is not over"):
        db.session.execute(early)


@pytest.mark.usefixtures("session")
def test_the_fifth_friend_earns_a_milestone_once() -> None:
    running_period()
    code = referrer()
    last = [qualified(code) for _ in range(6)]
    kinds = [[one.cause for one in rewards_of(one)] for one in last]
    assert [("milestone" in causes) for causes in kinds] == [False] * 4 + [True, False]


def test_a_cap_rejects_what_goes_beyond_it_and_says_so(session: Session) -> None:
    period = running_period()
    terms = Programme(
        starts_at=period.starts_at - timedelta(days=1), signup_lamports=0, contest_lamports=50, milestones={},
        places=[], window_days=30, hold_days=7, cap_lamports=99, made_by="Test", reason="Test",
    )  # fmt: skip
    session.add(terms)
    session.commit()
    code = referrer()
    first, second = qualified(code), qualified(code)
    assert (states(first), states(second)) == (["held"], ["rejected"])
    told = reward(rewards_of(second)[0].id)
    assert told is not None
    assert "but not paid: The referrer had earned the most that one period pays." in told.sentence


@pytest.mark.usefixtures("session")
def test_a_ban_takes_back_what_is_not_in_a_batch() -> None:
    running_period()
    code = referrer()
    done = qualified(code)
    plays(wallet_of(referral_of(done).referred_id))
    later(7)
    work()
    assert ban_person(code.person_id, wallet=ANN, reason="Sock puppets", by=SYSTEM_OF_TESTS) == 1
    assert (referral_of(done).state, states(done)) == ("rejected", ["rejected", "rejected"])
    assert set(db.session.scalars(select(Payout.state).where(Payout.kind == "referral"))) == {"cancelled"}


@pytest.mark.usefixtures("session")
def test_who_never_plays_is_no_friend_after_thirty_days() -> None:
    running_period()
    referrer()
    done = signed_up("ANN-1")
    work()
    later(31)
    work()
    assert referral_of(done).state == "expired"


@pytest.mark.usefixtures("session")
def test_the_state_of_a_referral_has_no_other_ways() -> None:
    running_period()
    done = qualified(referrer())
    referral_of(done).state = "pending"
    with pytest.raises(IntegrityError, match="cannot go from qualified to pending"):
        db.session.flush()
