"""A person's page: who it is, and everything that happened, newest first."""

import pytest
from sqlalchemy.orm import Session

from app.payouts.queries.batches import lines_of_batch
from app.people.queries.person import SIZE
from tests.clients import Browser
from tests.contests.bundles import ANN, BEN, address
from tests.pages import Page, Soup
from tests.payouts.desk import final, to_approve
from tests.payouts.people import planned
from tests.whitelist.desk import reviewed

WORDS = "#timeline li .words"


def shown(browser: Browser, soup: Soup, wallet: str, **query: str) -> Page:
    return soup(browser.get(f"/people/{wallet}", query_string=query))


def test_a_winner_has_entry_rank_and_payout(session: Session, support: Browser, soup: Soup) -> None:
    wallet = planned(final())[0].wallet
    page = shown(support, soup, wallet)
    told = page.texts("#timeline li")
    assert any("Prize of" in line and "waits for two admins" in line for line in told)
    assert any("Entered" in line and "rank 1 of" in line and "won" in line for line in told)
    assert page.attr("#who .copy", "data-copy") == wallet


def test_the_state_of_the_money_is_told(session: Session, support: Browser, soup: Soup) -> None:
    batch = to_approve()
    wallet = lines_of_batch(batch.id)[0].wallet
    assert f"On the list of batch {batch.id}, not paid yet." in shown(support, soup, wallet).words("#timeline")


def test_a_filter_shows_one_kind(session: Session, support: Browser, soup: Soup) -> None:
    wallet = planned(final())[0].wallet
    kinds = {text.split(",")[0] for text in shown(support, soup, wallet, q="is:payout").texts("#timeline li > small")}
    assert kinds == {"Payouts"}
    kinds = {text.split(",")[0] for text in shown(support, soup, wallet, q="not:payout").texts("#timeline li > small")}
    assert kinds == {"Contests"}
    assert "is: and not:" in shown(support, soup, wallet, q="is:rich").words("div:not([data-changed]) > .notice")


def test_a_submitter_sees_submissions(session: Session, support: Browser, soup: Soup) -> None:
    reviewed("CAT", submitter=ANN)
    page = shown(support, soup, ANN)
    assert "Submitted the token CAT" in page.words("#timeline")
    assert "submitter" in page.words("h1")


def test_pages_follow_each_other_without_loss(session: Session, support: Browser, soup: Soup) -> None:
    reviewed("CAT", submitter=ANN)
    for number in range(SIZE + 3):
        support.submit(f"/people/{ANN}/notes", {"note-words": f"note {number}"})
    first = shown(support, soup, ANN)
    second = soup(support.get(first.attr(".pager a[rel=next]", "href")))
    again = soup(support.get(second.attr(".pager a[rel=prev]", "href")))
    seen = first.texts(WORDS) + second.texts(WORDS)
    assert [words for words in seen if words.startswith("note")] == [f"note {n}" for n in reversed(range(SIZE + 3))]
    assert again.texts(WORDS) == first.texts(WORDS)


@pytest.mark.parametrize("wallet", [BEN, address("a stranger"), "not-a-wallet"])
def test_nobody_is_not_found(session: Session, support: Browser, wallet: str) -> None:
    assert support.get(f"/people/{wallet}").status_code == 404
