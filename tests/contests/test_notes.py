"""Notes on a contest, saved reasons, and who holds it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.contests.queries.notes import claim_on, notes, saved_reasons
from app.contests.service.claims import HeldByAnother, claim_contest, release_contest
from app.contests.service.notes import ReasonRetired, SavedAlready, add_note, retire_reason, save_reason
from tests.clients import HTMX, Browser, staff_browser
from tests.contests.bundles import clear_winner
from tests.contests.evaluating import ANN_OF_STAFF, BEN_OF_STAFF, contest_of, evaluated
from tests.contests.rows import contest_row
from tests.pages import Soup


def test_a_note_stays_as_it_was_written(session: Session) -> None:
    contest = contest_row(session)
    add_note(contest.code, words="The winner wrote to us.", by=ANN_OF_STAFF)
    assert [(note.said_by, note.words) for note in notes(contest.id)] == [("Ann", "The winner wrote to us.")]
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("UPDATE contest_notes SET words = 'x'"))


def test_support_adds_a_note_that_the_timeline_shows(support: Browser, session: Session, soup: Soup) -> None:
    code = contest_row(session).code
    session.commit()
    assert support.submit(f"/contests/{code}/notes", {"note-words": "Called the player"}).status_code == 303
    page = soup(support.get(f"/contests/{code}"))
    assert "Called the player" in page.words("#notes")
    assert "Called the player" in page.words("#timeline")


def test_an_empty_note_is_refused_beside_its_field(admin: Browser, session: Session, soup: Soup) -> None:
    code = contest_row(session).code
    session.commit()
    answer = admin.submit(f"/contests/{code}/notes", {"note-words": "  "})
    assert answer.status_code == 422
    assert "Write the note first" in soup(answer).words("#note-words-error")


def test_a_saved_reason_is_offered_and_joins_ones_own_words(admin: Browser, session: Session, soup: Soup) -> None:
    evaluated(clear_winner())
    assert admin.submit("/contests/reasons", {"saved-words": "A source was corrected"}).status_code == 303
    page = soup(admin.get("/contests/CUP-1/evaluate"))
    assert "A source was corrected" in page.texts("select[name=review-reason] option")
    fields = {"review-version": contest_of("CUP-1").version, "review-reason": ["A source was corrected", "by alpha"]}
    assert admin.submit("/contests/CUP-1/review", fields).status_code == 303
    assert contest_of("CUP-1").review_reason == "A source was corrected\nby alpha"


def test_a_retired_reason_is_offered_no_more(session: Session) -> None:
    save_reason("Rematch", by=ANN_OF_STAFF)
    with pytest.raises(SavedAlready):
        save_reason("Rematch", by=BEN_OF_STAFF)
    number = saved_reasons()[0].id
    retire_reason(number, by=BEN_OF_STAFF)
    assert saved_reasons() == []
    with pytest.raises(ReasonRetired):
        retire_reason(number, by=BEN_OF_STAFF)


def test_the_list_of_reasons_retires_one(admin: Browser, session: Session, soup: Soup) -> None:
    save_reason("Rematch", by=ANN_OF_STAFF)
    page = soup(admin.get("/contests/reasons"))
    assert "Rematch" in page.words("#saved")
    answer = admin.submit(page.attr("#saved form", "action"))
    assert (answer.status_code, list(saved_reasons())) == (303, [])


def test_claimed_taken_over_and_released(session: Session) -> None:
    contest = contest_row(session)
    claim_contest(contest.code, seen_holder="", by=ANN_OF_STAFF)
    with pytest.raises(HeldByAnother, match="Ann holds contest"):
        claim_contest(contest.code, seen_holder="", by=BEN_OF_STAFF)
    claim_contest(contest.code, seen_holder=ANN_OF_STAFF.id, by=BEN_OF_STAFF)
    claim = claim_on(contest.id)
    assert claim is not None
    assert claim.claimed_by == "Ben"
    release_contest(contest.code, seen_holder=BEN_OF_STAFF.id, by=BEN_OF_STAFF)
    assert claim_on(contest.id) is None


def test_the_second_sees_the_name_before_clicking(admin: Browser, session: Session, soup: Soup) -> None:
    code = contest_row(session).code
    session.commit()
    other = staff_browser(admin.application, "admin")
    assert admin.submit(f"/contests/{code}/claim", {"claim-holder": "-"}).status_code == 303
    page = soup(other.get(f"/contests/{code}"))
    assert f"{admin.name} holds this contest" in page.words("[id^=claim-]")
    assert "Take over" in page.words("[id^=claim-]")
    late = other.submit(f"/contests/{code}/claim", {"claim-holder": "-"})
    assert late.status_code == 409
    assert "holds contest" in soup(late).words("main [role=alert] .notice")


def test_the_fragment_alone_for_htmx(admin: Browser, session: Session, soup: Soup) -> None:
    code = contest_row(session).code
    session.commit()
    assert soup(admin.get(f"/contests/{code}/disputes", headers=HTMX)).is_fragment
