"""What a contest will do to referrals, told beside the button that applies its result."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.extensions import db
from app.referrals.queries.effects import effects_of
from app.referrals.rules.effects import Pending, Referrer, tally
from app.referrals.rules.programmes import Terms
from tests.clients import Browser
from tests.contests.rows import lead
from tests.pages import Soup
from tests.referrals.linking import referrer, running_period
from tests.referrals.playing import plays, referral_of, signed_up, wallet_of, work

TERMS = Terms(1, signup_lamports=5, contest_lamports=10, milestones={2: 100}, places=(), cap_lamports=115)


def test_each_friend_earns_and_a_milestone_is_reached_once() -> None:
    told = tally([Pending(7, TERMS, 0, False)] * 2, {7: Referrer(0, 0)})
    assert (told.referrals, told.rewards, told.lamports) == (2, 4, 5 + 10 + 5 + 10)
    assert told.over_cap == 1  # the milestone of 100 would bring 20 to 120
    assert tally([Pending(7, TERMS, 0, False)], {7: Referrer(1, 0, {2})}).lamports == 15


def test_what_is_flagged_does_not_count_and_the_banned_earn_nothing() -> None:
    told = tally([Pending(7, TERMS, 3, False), Pending(8, TERMS, 0, True)], {7: Referrer(0, 0), 8: Referrer(0, 0)})
    assert (told.referrals, told.held, told.lamports, +told.counted) == (2, 1, 15, {})


@pytest.fixture
def friends(session: Session) -> list[str]:
    """Wallets of two friends of Ann's, who has no rank yet."""
    running_period()
    referrer()
    return [wallet_of(referral_of(signed_up("ANN-1")).referred_id) for _ in range(2)]


def test_it_tells_what_then_happens(friends: list[str], session: Session) -> None:
    """Meant to fail when either side changes alone: the worker is asked to do what was foretold."""
    contest = plays(*friends, state="ended")
    told = effects_of(contest.id)
    lead(session, contest, "paid")
    session.commit()
    work()
    lamports = text("SELECT count(*), sum(lamports) FROM rewards WHERE state = 'held'")
    counted = text("SELECT counted FROM referrer_standings")
    assert (told.tally.rewards, told.tally.lamports) == tuple(db.session.execute(lamports).one())
    assert (told.tally.referrals, told.moved, db.session.scalars(counted).one()) == (2, 1, 2)
    assert effects_of(contest.id).tally.referrals == 0


def test_the_draft_leads_to_it(friends: list[str], support: Browser, soup: Soup) -> None:
    contest = plays(*friends, state="proposed")
    assert f"/referrals/of/{contest.code}" in support.get(f"/contests/{contest.code}/evaluate").get_data(as_text=True)
    words = soup(support.get(f"/referrals/of/{contest.code}")).words("#effects")
    assert "2 referrals will qualify: 4 rewards of" in words
    assert "1 rank of the weekly standings will change" in words


def test_a_free_contest_and_one_that_is_not_there(session: Session, support: Browser, soup: Soup) -> None:
    contest = plays(fee=0, state="proposed")
    assert "Entry is free" in soup(support.get(f"/referrals/of/{contest.code}")).words("#effects")
    assert support.get("/referrals/of/NOWHERE").status_code == 404
