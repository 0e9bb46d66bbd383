"""Other rules tried at the desk: cost, winners, losers; what cannot be tried is said."""

import pytest
from sqlalchemy.orm import Session

from tests.clients import Browser
from tests.pages import Soup
from tests.people.referring import qualified, referrer

TRIAL = {"window_days": "30", "contest_sol": "0.05", "signup_sol": "0.01", "cap_sol": ""}


@pytest.fixture
def noise(session: Session) -> None:
    """One referrer with two friends who count."""
    _, link = referrer(session, "otter")
    for friend in ("lynx", "heron"):
        qualified(session, link, friend)


def test_as_it_was_nobody_gains_or_loses(noise: None, support: Browser, soup: Soup) -> None:
    page = soup(support.get("/referrals/what-if"))
    was, would_be, difference = page.texts("#cost tbody td")
    assert (was, difference) == (would_be, "0.000000000")
    assert page.texts("#winners .empty-row") == page.texts("#losers .empty-row") == ["Nobody."]
    assert page.attr("#contest_sol", "value") == "0.05"


def test_dearer_rules_have_winners_and_cheaper_ones_losers(noise: None, support: Browser, soup: Soup) -> None:
    dear = soup(support.get("/referrals/what-if", query_string={**TRIAL, "contest_sol": "0.5"}))
    assert dear.words("#winners th a") == "otter"
    assert dear.texts("#cost tbody td")[2] == "+0.900000000"
    cheap = soup(support.get("/referrals/what-if", query_string={**TRIAL, "signup_sol": "0"}))
    assert sorted(cheap.texts("#losers th a")) == ["heron", "lynx"]


@pytest.mark.parametrize(("name", "value"), [
    ("window_days", "0"), ("window_days", "x"), ("contest_sol", "-1"), ("contest_sol", "1e9"), ("cap_sol", "NaN"),
    ("signup_sol", ""),
])  # fmt: skip
def test_what_cannot_be_tried_is_said(noise: None, support: Browser, soup: Soup, name: str, value: str) -> None:
    answer = support.get("/referrals/what-if", query_string={**TRIAL, name: value})
    assert answer.status_code == 422
    assert soup(answer).attr(f"#{name}", "aria-invalid") == "true"


def test_before_the_first_period(support: Browser, soup: Soup) -> None:
    assert "There is no period to try other rules on yet." in soup(support.get("/referrals/what-if")).words("#what-if")
