"""Referral rewards that wait, and proposing them on their page."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.payouts.service.freezing import freeze
from app.payouts.service.planning import entitle_reward
from app.payouts.service.proposing import NothingToPropose, propose
from tests.clients import Browser
from tests.contests.rows import address
from tests.pages import Soup
from tests.payouts.people import SYSTEM_OF_TESTS, colleague, proposed, void_contest

HERE = "/payouts/rewards"


@pytest.fixture
def rewards(session: Session) -> list[int]:
    """The payouts of three rewards, beside those of a contest."""
    void_contest(session, 2, entry_fee_lamports=1_000_000)
    made = [
        entitle_reward(number, wallet=address(), nickname=f"friend-{number}", lamports=number, by=SYSTEM_OF_TESTS)
        for number in (10, 20, 30)
    ]
    session.commit()
    return made


def fields(page: Any) -> dict[str, str]:
    return {f"propose-{name}": page.attr(f"#propose-{name}", "value") for name in ("key", "seen", "lamports")}


def test_all_that_wait_go_on_one_list_and_nothing_else(rewards: list[int], admin: Browser, soup: Soup) -> None:
    page = soup(admin.get(HERE))
    assert "friend-30" in page.words("#waiting")
    assert admin.submit(f"{HERE}/propose", fields(page), page=HERE).status_code == 303
    batch = soup(admin.get("/payouts?state=planned")).words("main")
    assert "3" in batch
    assert "No reward waits to be paid" in soup(admin.get(HERE)).words("#waiting")


def test_who_proposes_an_older_list_is_told_what_changed(
    rewards: list[int], admin: Browser, session: Session, soup: Soup
) -> None:
    sent = fields(soup(admin.get(HERE)))
    entitle_reward(40, wallet=address(), nickname="late", lamports=40, by=SYSTEM_OF_TESTS)
    session.commit()
    answer = admin.submit(f"{HERE}/propose", sent, page=HERE)
    assert answer.status_code == 409
    assert "add up to 100 lamports now, not 60" in soup(answer).words("main")


def test_support_looks_and_cannot_propose(rewards: list[int], support: Browser, soup: Soup) -> None:
    page = soup(support.get(HERE))
    assert "Only admins can do this" in page.words("#next-step")
    assert support.submit(f"{HERE}/propose", fields(page), page=HERE).status_code == 403


def test_a_freeze_stands_in_the_way_of_every_door(rewards: list[int], admin: Browser, soup: Soup) -> None:
    freeze("unknown_debit", "stranger", "7 lamports left the hot wallet.", by=SYSTEM_OF_TESTS)
    assert "Payouts are frozen." in soup(admin.get(HERE)).words("main")
    with pytest.raises(Exception, match="Rewards cannot be proposed"):
        propose("rewards", lamports=60, size=19, by=colleague("ann"))


def test_without_any(session: Session, admin: Browser, soup: Soup) -> None:
    assert "seven days are over" in soup(admin.get(HERE)).words("#waiting")
    with pytest.raises(NothingToPropose, match="of a reward"):
        propose("rewards", lamports=0, size=19, by=colleague("ann"))


def test_a_contest_leaves_rewards_alone(rewards: list[int], session: Session, admin: Browser, soup: Soup) -> None:
    contest = void_contest(session, 1, entry_fee_lamports=5)
    proposed(contest, colleague("ann"))
    assert "friend-10" in soup(admin.get(HERE)).words("#waiting")
