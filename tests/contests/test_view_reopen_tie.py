"""Taking the decision of a tie back."""

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.contests.models import Tie
from app.contests.service.decisions import apply_evaluation
from app.contests.service.ties import resolve_tie
from tests.clients import Browser
from tests.contests.bundles import tie_for_first
from tests.contests.evaluating import BEN_OF_STAFF, contest_of, evaluated, ties_of
from tests.pages import Soup

TIES = "/contests/CUP-TIE/ties"


@pytest.fixture
def tie(session: Session) -> Tie:
    evaluated(tie_for_first())
    tie = ties_of("CUP-TIE")[0]
    resolve_tie(tie.id, version=1, choice="share", ordered_entry_ids=[], reason=None, by=BEN_OF_STAFF)
    return ties_of("CUP-TIE")[0]


def reopen(browser: Browser, tie: Tie, reason: str, *, htmx: bool = False) -> TestResponse:
    fields = {f"reopen-{tie.id}-version": tie.version, f"reopen-{tie.id}-reason": reason}
    return browser.submit(f"{TIES}/{tie.id}/reopen", fields, htmx=htmx)


def test_the_tie_waits_for_a_decision_again(admin: Browser, session: Session, tie: Tie, soup: Soup) -> None:
    assert reopen(admin, tie, "Two players disputed it").status_code == 303
    page = soup(admin.get(TIES))
    assert "open" in page.words(".tie h2 .pill")
    assert len(page.select("input.place")) == 3


def test_it_needs_a_reason(admin: Browser, session: Session, tie: Tie, soup: Soup) -> None:
    answer = reopen(admin, tie, "")
    assert answer.status_code == 422
    assert "Write one sentence" in soup(answer).words(".field .error")


def test_twice_is_refused(admin: Browser, session: Session, tie: Tie, soup: Soup) -> None:
    reopen(admin, tie, "Two players disputed it")
    answer = reopen(admin, tie, "Two players disputed it")
    assert answer.status_code == 409
    assert "was reopened" in soup(answer).words(".tie .notice")


def test_a_final_result_has_no_way_back(admin: Browser, session: Session, tie: Tie, soup: Soup) -> None:
    apply_evaluation("CUP-TIE", version=contest_of("CUP-TIE").version, reason=None, by=BEN_OF_STAFF)
    page = soup(admin.get(TIES))
    assert "nothing about this tie can change" in page.words(".tie .body")
    assert page.select(".tie form") == []
    assert reopen(admin, tie, "Two players disputed it").status_code == 409


def test_support_may_not(support: Browser, session: Session, tie: Tie) -> None:
    assert reopen(support, tie, "Two players disputed it").status_code == 403


def test_htmx_is_led_on(admin: Browser, session: Session, tie: Tie) -> None:
    assert reopen(admin, tie, "Two players disputed it", htmx=True).headers["HX-Redirect"] == TIES
