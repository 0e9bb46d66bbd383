"""Disputes on the page: opened, talked about, settled; and the window in which they can be."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.clock import database_now
from tests.clients import Browser
from tests.contests.bundles import ANN, clear_winner
from tests.contests.evaluating import contest_of, evaluated
from tests.contests.rows import contest_row
from tests.pages import Soup

ADDRESS = "/contests/CUP-1/disputes"


def opened(browser: Browser, *, player: str = ANN, **changes: Any) -> TestResponse:
    fields = {
        "dispute-version": contest_of("CUP-1").version, "dispute-player": player, "dispute-reason": "A sale is missing",
        "dispute-seen": "proposed|v1|0",
    }  # fmt: skip
    return browser.submit(ADDRESS, {**fields, **changes})


def number_of(session: Session) -> int:
    return int(session.execute(text("SELECT max(id) FROM disputes")).scalar_one())


def test_opened_talked_about_and_settled(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    assert opened(admin).status_code == 303
    number = number_of(session)
    admin.submit(f"{ADDRESS}/{number}/posts", {f"post-{number}-version": 1, f"post-{number}-reason": "Looking"})
    words = soup(admin.get(ADDRESS)).words(f"#dispute-{number}")
    assert "A sale is missing" in words
    assert "Looking" in words
    fields = {"version": contest_of("CUP-1").version, "outcome": "upheld", "reason": "The trade was lost"}
    settled = {f"settle-{number}-{name}": value for name, value in fields.items()}
    assert admin.submit(f"{ADDRESS}/{number}/settle", settled).status_code == 303
    assert "Upheld" in soup(admin.get(ADDRESS)).words(f"#dispute-{number}")


def test_an_unknown_player_keeps_what_was_typed(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    answer = opened(admin, player="nobody")
    page = soup(answer)
    assert answer.status_code == 422
    assert "No player of contest CUP-1 is called “nobody”" in page.words("main [role=alert] .notice strong")
    assert page.words("textarea[name=dispute-reason]") == "A sale is missing"


def test_a_stale_form_is_told_what_changed(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    seen: dict[str, Any] = {"dispute-version": 1, "dispute-seen": "ended|none|0"}
    answer = opened(admin, **seen)
    assert answer.status_code == 409
    assert "changed while you looked" in soup(answer).words(".conflict")


def test_who_settles_second_is_told_how_and_loses_no_words(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    opened(admin)
    number = number_of(session)
    fields = {"version": contest_of("CUP-1").version, "seen": "review|v1|0", "outcome": "dismissed", "reason": "First"}
    for words in ("First", "Second"):
        sent = {f"settle-{number}-{name}": value for name, value in {**fields, "reason": words}.items()}
        answer = admin.submit(f"{ADDRESS}/{number}/settle", sent)
    page = soup(answer)
    assert answer.status_code == 409
    assert page.words(".conflict tbody tr ins") == "dismissed"
    assert page.words("#unsent") == "Second"


def test_support_reads_and_opens_nothing(support: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    assert "Only admins can do this." in soup(support.get(ADDRESS)).words("#open-dispute")
    assert opened(support).status_code == 403


def test_the_draft_stands_again_from_the_page(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    contest = contest_of("CUP-1")
    review = {"review-version": contest.version, "review-reason": "Somebody should look"}
    admin.submit("/contests/CUP-1/review", review)
    assert "Let the draft stand" in soup(admin.get("/contests/CUP-1/evaluate")).words("#evaluate-again")
    back = {"back-version": contest_of("CUP-1").version, "back-reason": "It is right"}
    assert admin.submit("/contests/CUP-1/send-back", back).status_code == 303
    assert contest_of("CUP-1").state == "proposed"


def test_a_countdown_by_the_clock_of_the_database(admin: Browser, session: Session, soup: Soup) -> None:
    later = database_now() + timedelta(seconds=600)
    contest = contest_row(session, state="proposed", challenge_s=600, next_try_at=later)
    session.commit()
    words = soup(admin.get(f"/contests/{contest.code}")).words("#challenge")
    assert "Open for 9 min 5" in words or "Open for 10 min" in words
    assert "becomes final by itself" in words
