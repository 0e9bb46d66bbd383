"""A note on a person: works, bad input, kept for ever."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.clients import Browser
from tests.contests.bundles import ANN, BEN
from tests.pages import Soup
from tests.payouts.desk import audited
from tests.whitelist.desk import reviewed


@pytest.fixture
def noise(session: Session) -> None:
    reviewed("CAT", submitter=ANN)
    reviewed("DOG", submitter=BEN)


def test_support_adds_a_note(noise: None, support: Browser, soup: Soup) -> None:
    answer = support.submit(f"/people/{ANN}/notes", {"note-words": "  Wrote twice about a prize. "})
    assert answer.headers["Location"] == f"/people/{ANN}"
    page = soup(support.get(f"/people/{ANN}?q=is:note"))
    assert page.words("#timeline .words") == "Wrote twice about a prize."
    assert audited("people:note:add") == 1
    assert "Nobody has noted" in soup(support.get(f"/people/{BEN}")).words("#notes")


def test_nothing_written_is_said_and_kept(noise: None, support: Browser, soup: Soup) -> None:
    answer = support.submit(f"/people/{ANN}/notes", {"note-words": " "})
    assert answer.status_code == 422
    assert "Write the note first." in soup(answer).words(".summary")
    long = support.submit(f"/people/{ANN}/notes", {"note-words": "x" * 2001})
    assert (long.status_code, len(soup(long).words("#note-words"))) == (422, 2001)


def test_nobody_has_no_notes(session: Session, support: Browser) -> None:
    assert support.submit(f"/people/{ANN}/notes", {"note-words": "Who is it?"}).status_code == 404


def test_a_note_is_kept_as_it_was_written(noise: None, support: Browser, session: Session) -> None:
    support.submit(f"/people/{ANN}/notes", {"note-words": "first"})
    for change in ("UPDATE person_notes SET words = 'second'", "DELETE FROM person_notes"):
        with pytest.raises(DBAPIError):
            session.execute(text(change))
        session.rollback()
