"""Sending a draft to review."""

from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.clients import Browser
from tests.contests.bundles import clear_winner
from tests.contests.evaluating import contest_of, evaluated
from tests.pages import Soup


def send(browser: Browser, reason: str, *, htmx: bool = False) -> TestResponse:
    fields = {"review-version": contest_of("CUP-1").version, "review-reason": reason, "review-seen": "proposed|v1|0"}
    return browser.submit("/contests/CUP-1/review", fields, htmx=htmx)


def test_a_reviewed_contest_says_why_and_cannot_be_applied(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    assert send(admin, "Player 2 complained").status_code == 303
    page = soup(admin.get("/contests/CUP-1/evaluate"))
    assert page.words("#contest-state") == "▲review"
    assert page.words("#apply .off small") == "Clear what stands in the way first."
    assert "Player 2 complained" in soup(admin.get("/contests?q=is:review")).words("#contests")


def test_it_needs_a_reason(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    answer = send(admin, "  ")
    assert answer.status_code == 422
    assert "Write one sentence" in soup(answer).words("#review-reason-error")


def test_support_may_not(support: Browser, session: Session) -> None:
    evaluated(clear_winner())
    assert send(support, "Looks odd").status_code == 403


def test_sent_twice_it_is_refused_once(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    send(admin, "Player 2 complained")
    answer = send(admin, "Player 2 complained")
    assert answer.status_code == 409
    assert "is review, not proposed" in soup(answer).words(".conflict h2")


def test_htmx_gets_the_form_back_with_its_fault(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    answer = send(admin, "", htmx=True)
    assert answer.status_code == 422
    assert soup(answer).is_fragment
