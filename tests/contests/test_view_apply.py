"""Applying a draft."""

from typing import Any

from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.contests.service.decisions import apply_evaluation
from tests.clients import Browser
from tests.contests.bundles import clear_winner, tie_for_first
from tests.contests.evaluating import BEN_OF_STAFF, again, contest_of, evaluated
from tests.pages import Soup

CUP = "/contests/CUP-1"


def apply(
    browser: Browser, code: str = "CUP-1", reason: str = "", *, htmx: bool = False, sent: dict[str, Any] | None = None
) -> TestResponse:
    fields = {"apply-version": contest_of(code).version, "apply-reason": reason, "apply-seen": "proposed|v1|0"}
    return browser.submit(f"/contests/{code}/apply", fields | (sent or {}), htmx=htmx)


def test_the_draft_becomes_the_final_result(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    answer = apply(admin)
    assert (answer.status_code, answer.headers["Location"]) == (303, CUP)
    page = soup(admin.get(CUP))
    assert page.words("#contest-state") == "✓final"
    assert "v1, published" in page.words("#standings-title")
    assert page.words("#toasts") == "Draft v1 is the final result of CUP-1."
    assert page.attr("#next-step a", "href") == f"{CUP}/prizes"


def test_support_may_not_apply(support: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    assert apply(support).status_code == 403
    assert contest_of("CUP-1").state == "proposed"
    assert soup(support.get(f"{CUP}/evaluate")).words("#apply .off small") == "Only admins can do this."


def test_what_stands_in_the_way_keeps_the_button_off_and_the_command_out(
    admin: Browser, session: Session, soup: Soup
) -> None:
    evaluated(tie_for_first())
    page = soup(admin.get("/contests/CUP-TIE/evaluate"))
    assert page.words("#apply .off small") == "Clear what stands in the way first."
    answer = apply(admin, "CUP-TIE", sent={"apply-seen": "proposed|v1|1"})
    assert answer.status_code == 409
    assert "1 tie is open" in soup(answer).words("main div[role=alert] .notice")


def test_a_second_result_needs_a_reason(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    again("CUP-1", reason="A source was corrected")
    answer = apply(admin)
    assert answer.status_code == 422
    assert "Write one sentence" in soup(answer).words("#apply-reason-error")
    assert apply(admin, reason="The corrected source is right").status_code == 303


def test_a_second_click_meets_who_applied_it_and_when(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    apply(admin)
    answer = apply(admin, reason="Again")
    page = soup(answer)
    assert answer.status_code == 409
    assert f"draft v1 was applied by {admin.name} at" in page.words(".conflict h2")
    assert page.texts(".conflict tbody tr > *") == ["State", "proposed", "final"]


def test_of_two_admins_the_slower_is_told_what_changed(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    version = contest_of("CUP-1").version
    again("CUP-1", reason="Meanwhile", by=BEN_OF_STAFF)
    answer = apply(admin, reason="The first one was fine", sent={"apply-version": version})
    page = soup(answer)
    assert answer.status_code == 409
    assert page.texts(".conflict tbody tr > *") == ["Result", "v1", "v2"]
    assert "Ben" in page.words(".conflict .note")
    assert page.words("#apply-reason") == "The first one was fine"


def test_applied_by_the_command_is_shown_alike(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    apply_evaluation("CUP-1", version=contest_of("CUP-1").version, reason=None, by=BEN_OF_STAFF)
    assert "v1 was applied by Ben" in soup(admin.get(f"{CUP}/evaluate")).words("#apply")


def test_htmx_is_led_on_and_gets_conflicts_as_fragments(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    assert apply(admin, htmx=True).headers["HX-Redirect"] == CUP
    conflict = apply(admin, htmx=True)
    assert conflict.status_code == 409
    assert soup(conflict).is_fragment
