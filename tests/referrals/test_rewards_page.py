"""Rewards at the desk: by state, each with the sentence that explains it."""

import csv

from sqlalchemy.orm import Session

from tests.clients import Browser
from tests.pages import Soup
from tests.payouts.desk import audited
from tests.people.referring import qualified, referrer, reward


def test_a_held_reward_explains_itself(session: Session, support: Browser, soup: Soup) -> None:
    owner, link = referrer(session)
    reward(session, qualified(session, link, "lynx", code="CUP-1"))
    page = soup(support.get("/referrals/payouts?state=held"))
    assert page.attr("#rewards tbody td a", "href") == f"/people/{owner.wallet}?q=is:reward"
    assert "0.05 SOL because lynx" in page.words("#rewards .explained")
    assert "Held 1 0.050000000 SOL" in page.words(".chips")


def test_another_state_is_another_list(session: Session, support: Browser, soup: Soup) -> None:
    _, link = referrer(session)
    reward(session, qualified(session, link))
    assert "No reward is in batch." in soup(support.get("/referrals/payouts?state=in_batch")).words("#rewards")
    assert len(soup(support.get("/referrals/payouts?state=nonsense")).select("#rewards tbody tr")) == 1


def test_before_the_first_reward(support: Browser, soup: Soup) -> None:
    assert "Nothing was earned yet." in soup(support.get("/referrals/payouts")).words("#rewards")


def test_the_file_has_the_rewards_of_that_state(session: Session, admin: Browser, soup: Soup) -> None:
    _, link = referrer(session, "=otter")
    reward(session, qualified(session, link, "lynx"))
    session.commit()
    page = soup(admin.get("/referrals/payouts?state=held&export=ask"))
    assert "1 row matches." in page.words("section.notice")
    answer = admin.submit("/referrals/payouts/csv", {"state": page.attr("section.notice [name=state]", "value")})
    rows = list(csv.DictReader(answer.get_data(as_text=True).splitlines()))
    assert [(row["nickname"], row["lamports"], row["state"]) for row in rows] == [("'=otter", "50000000", "held")]
    assert "0.05 SOL because lynx" in rows[0]["why"]
    assert audited("referrals:reward:export") == 1


def test_support_takes_no_file(support: Browser) -> None:
    assert support.submit("/referrals/payouts/csv").status_code == 403
