"""Asking for an evaluation, and looking at its draft."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.contests.jobs.evaluation import evaluate_due
from app.contests.models import Contest
from tests.clients import HTMX, Browser
from tests.contests.bundles import clear_winner, stale_market, tie_for_first
from tests.contests.evaluating import again, contest_of, evaluated, imported
from tests.contests.rows import contest_row, evaluation_row, result_row, standings
from tests.pages import Soup

DRAFT = "/contests/CUP-1/evaluate"


def ask(
    browser: Browser, contest: Contest, reason: str = "", *, htmx: bool = False, sent: dict[str, Any] | None = None
) -> TestResponse:
    fields = {"evaluate-version": contest.version, "evaluate-reason": reason, "evaluate-seen": "ended|none|0"}
    return browser.submit(f"/contests/{contest.code}/evaluate", fields | (sent or {}), htmx=htmx)


def test_asking_hands_the_contest_to_the_worker(admin: Browser, session: Session, soup: Soup) -> None:
    answer = ask(admin, imported(clear_winner()))
    assert (answer.status_code, answer.headers["Location"]) == (303, DRAFT)
    assert contest_of("CUP-1").state == "price_check"
    assert contest_of("CUP-1").asked_by == admin.name
    assert "Waiting for a worker" in soup(admin.get(DRAFT)).words(".progress")
    assert evaluate_due()
    assert soup(admin.get(DRAFT)).words("#apply button") == "Apply draft v1"


def test_support_may_not_ask(support: Browser, session: Session, soup: Soup) -> None:
    assert ask(support, imported(clear_winner())).status_code == 403
    assert contest_of("CUP-1").state == "ended"
    assert soup(support.get(DRAFT)).one("#evaluate button").has_attr("disabled")


def test_a_second_click_does_not_act_twice(admin: Browser, session: Session, soup: Soup) -> None:
    contest = imported(clear_winner())
    version = contest.version
    ask(admin, contest)
    answer = ask(admin, contest_of("CUP-1"), sent={"evaluate-version": version})
    assert answer.status_code == 409
    assert f"{admin.name} asked for it" in soup(answer).words(".conflict h2")
    assert soup(answer).texts(".conflict tbody tr > *")[:3] == ["State", "ended", "price check"]


def test_who_saw_an_older_state_is_told_what_changed(admin: Browser, session: Session, soup: Soup) -> None:
    contest = imported(clear_winner())
    before = contest.version
    again("CUP-1")
    answer = ask(admin, contest, "Because", sent={"evaluate-version": before})
    page = soup(answer)
    assert answer.status_code == 409
    assert page.texts(".conflict tbody tr > *") == ["State", "ended", "proposed", "Result", "none", "v1"]
    assert "Ann" in page.words(".conflict .note")
    assert page.words("#evaluate-reason") == "Because"


def test_evaluating_again_needs_a_reason_and_keeps_the_form(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    answer = ask(admin, contest_of("CUP-1"))
    page = soup(answer)
    assert answer.status_code == 422
    assert "Write one sentence" in page.words("#evaluate-reason-error")
    assert page.one("#evaluate-again details").has_attr("open")
    assert ask(admin, contest_of("CUP-1"), "A source was corrected").status_code == 303


def test_a_form_without_its_version_is_refused(admin: Browser, session: Session) -> None:
    contest = imported(clear_winner())
    assert ask(admin, contest, sent={"evaluate-version": ""}).status_code == 422
    assert contest_of("CUP-1").state == "ended"


def test_htmx_is_led_on_and_gets_refusals_as_fragments(admin: Browser, session: Session, soup: Soup) -> None:
    contest = imported(clear_winner())
    version = contest.version
    assert ask(admin, contest, htmx=True).headers["HX-Redirect"] == DRAFT
    again_asked = ask(admin, contest_of("CUP-1"), htmx=True, sent={"evaluate-version": version})
    assert again_asked.status_code == 409
    assert soup(again_asked).is_fragment


def test_the_bar_tells_the_page_to_fetch_itself_at_the_end(admin: Browser, session: Session, soup: Soup) -> None:
    contest = contest_row(session, code="CUP-1", state="price_check")
    running = admin.get("/contests/CUP-1/progress", headers=HTMX)
    assert soup(running).one("#evaluating progress")
    contest.state = "evaluating"
    session.flush()
    contest.state = "proposed"
    session.flush()
    done = admin.get("/contests/CUP-1/progress", headers=HTMX)
    assert "contest:changed:CUP-1" in done.headers["HX-Trigger"]
    assert admin.get("/contests/CUP-1/progress").status_code == 303


def test_a_delayed_contest_can_be_checked_again_now(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(stale_market())
    page = soup(admin.get("/contests/CUP-STALE/evaluate"))
    assert page.words("#evaluate button span") == "Check again now"
    assert page.one("#market-check")
    assert ask(admin, contest_of("CUP-STALE")).status_code == 303


def test_a_first_draft_shows_who_would_be_paid(support: Browser, session: Session, soup: Soup) -> None:
    evaluated(tie_for_first())
    page = soup(support.get("/contests/CUP-TIE/evaluate"))
    assert page.texts("#paid tbody td:first-child")[:2] == ["1 = shared", "1 = shared"]
    assert page.texts("#prices tbody th a") == ["SOL"]
    assert page.words("#blockers h2") == "Cannot be applied yet"


def test_a_second_draft_shows_only_what_changed(admin: Browser, session: Session, soup: Soup) -> None:
    contest = contest_row(session, code="CUP-1")
    old = evaluation_row(session, contest, state="superseded")
    players = standings(session, contest, old, ["9", "8", "7"])
    session.execute(text("UPDATE results SET prize_lamports = 5 WHERE rank = 1"))
    new = evaluation_row(session, contest, version=2)
    for rank, place, score in ((1, 1, "9.5"), (2, 0, "9"), (3, 2, "7")):
        result_row(session, new, players[place], rank, score, 5 if rank == 1 else 0)
    page = soup(admin.get(DRAFT))
    assert page.texts("#changed tbody th a") == ["player002", "player001"]
    moved = page.texts("#changed tbody tr:first-child td")
    assert moved[:3] == ["2", "1", "▲ up 1"]
    assert moved[6] == "0.000000005 +0.000000005"
    facts = dict(zip(page.texts("#second-evaluator dt"), page.texts("#second-evaluator dd"), strict=True))
    assert (facts["Ranks or scores changed"], facts["Prizes changed"]) == ("2", "2")


@pytest.mark.parametrize("verified", ["same", "different", "skipped"])
def test_the_second_evaluators_word_is_shown(admin: Browser, session: Session, soup: Soup, verified: str) -> None:
    contest = contest_row(session, code="CUP-1")
    note = "standings[0].score" if verified == "different" else None
    standings(session, contest, evaluation_row(session, contest, verified=verified, verify_note=note), ["1", "0"])
    words = {"same": "agrees exactly", "different": "standings[0].score", "skipped": "not asked"}
    assert words[verified] in soup(admin.get(DRAFT)).words("#second-evaluator")
