"""Two people decide on the page: one proposes, another confirms."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.clock import database_now
from tests.clients import Browser, staff_browser
from tests.contests.bundles import clear_winner
from tests.contests.evaluating import contest_of, evaluated
from tests.contests.rows import contest_row
from tests.pages import Soup

WHY = "Both players have agreed to a rematch"
ADDRESS = "/contests/CUP-1/rulings"


def proposed(browser: Browser, reason: str = WHY) -> int:
    fields = {"ruling-version": contest_of("CUP-1").version, "ruling-kind": "void", "ruling-reason": reason}
    return browser.submit(ADDRESS, {**fields, "ruling-seen": "proposed|v1|0"}).status_code


def confirmed(browser: Browser, session: Session) -> int:
    number = session.execute(text("SELECT max(id) FROM rulings")).scalar_one()
    return browser.submit(f"{ADDRESS}/{number}/confirm", {"confirm-version": contest_of("CUP-1").version}).status_code


def test_one_proposes_and_another_confirms(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    assert proposed(admin) == 303
    page = soup(admin.get("/contests/CUP-1/evaluate"))
    assert WHY in page.words("#ruling")
    assert "somebody else has to confirm it" in page.words("#ruling")
    assert confirmed(admin, session) == 409
    assert contest_of("CUP-1").state == "proposed"
    assert confirmed(staff_browser(admin.application, "admin"), session) == 303
    assert contest_of("CUP-1").state == "void"


@pytest.mark.parametrize("state", ["scheduled", "live"])
def test_a_contest_to_come_is_called_off_by_two(admin: Browser, session: Session, soup: Soup, state: str) -> None:
    contest_row(session, state=state, code="CUP-1")
    session.commit()
    page = soup(admin.get("/contests/CUP-1"))
    way = page.attr("#next-step a", "href")
    assert "Void the contest and refund every entry" in soup(admin.get(way)).words("#ruling")
    assert proposed(admin) == 303
    assert confirmed(staff_browser(admin.application, "admin"), session) == 303
    assert (contest_of("CUP-1").state, contest_of("CUP-1").void_reason) == ("void", "voided_by_two_people")


def test_a_short_reason_keeps_the_form(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    fields = {"ruling-version": 1, "ruling-kind": "void", "ruling-reason": "no"}
    answer = admin.submit(ADDRESS, fields)
    assert answer.status_code == 422
    assert "at least 20 characters" in soup(answer).words("#ruling-reason-error")


def test_support_may_not(support: Browser, session: Session) -> None:
    evaluated(clear_winner())
    assert proposed(support) == 403


def test_withdrawn_by_the_page(admin: Browser, session: Session) -> None:
    evaluated(clear_winner())
    proposed(admin)
    number = session.execute(text("SELECT max(id) FROM rulings")).scalar_one()
    fields = {"withdraw-version": contest_of("CUP-1").version}
    assert admin.submit(f"{ADDRESS}/{number}/withdraw", fields).status_code == 303
    assert confirmed(admin, session) == 409


def test_the_draft_says_how_far_it_hangs_on_single_prices(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    page = soup(admin.get("/contests/CUP-1/evaluate"))
    assert page.words("#fragility-title") == "Paid places kept in 6 of 6 variants"


def test_a_worker_that_is_stuck_is_let_go_on(admin: Browser, session: Session, soup: Soup) -> None:
    now = database_now()
    stuck = contest_row(session, state="live", ended_at=None, attempts=8, last_error="ValueError: odd", dead_at=now)
    session.commit()
    page = soup(admin.get(f"/contests/{stuck.code}"))
    assert "Tried 8 times, given up at" in page.words("#stuck")
    answer = admin.submit(f"/contests/{stuck.code}/retry", {"retry-version": stuck.version})
    assert answer.status_code == 303
    after = contest_of(stuck.code)
    assert (after.attempts, after.dead_at, after.next_try_at is not None) == (0, None, True)


def test_nothing_to_retry_is_said(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    answer = admin.submit("/contests/CUP-1/retry", {"retry-version": contest_of("CUP-1").version})
    assert answer.status_code == 409
    assert "Nothing of contest CUP-1 waits to be tried again" in soup(answer).words("main")
