"""Notes that call a colleague."""

import pytest
from sqlalchemy.orm import Session

from app.audit.rules import Actor
from app.contests.service.notes import add_note
from app.staff.queries.mentions import mentions_of
from app.staff.rules import called
from app.staff.service.mentions import MentionSeen, see_mention
from tests.clients import Browser
from tests.contests.rows import contest_row
from tests.pages import Soup

ANN = Actor("staff", "0", "Ann")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("@Ann, please look. @ben-b.", {"ann", "ben-b"}),
        ("Write to ann@example.org or @", set()),
        ("(@ann) @ann @@ben", {"ann"}),
    ],
)
def test_whom_a_note_calls(words: str, names: set[str]) -> None:
    assert called(words) == names


def test_it_waits_on_today_until_it_is_seen(support: Browser, session: Session, soup: Soup) -> None:
    code = contest_row(session).code
    add_note(code, words=f"@{support.name.upper()} the winner wrote to us", by=ANN)
    page = soup(support.get("/"))
    assert "the winner wrote to us" in page.words("#mentions")
    assert page.attr("#mentions a", "href") == f"/contests/{code}"
    assert support.submit(page.attr("#mentions form", "action")).status_code == 303
    assert 'id="mentions"' not in support.get("/").get_data(as_text=True)


def test_only_who_was_called_has_it_and_sees_it_once(admin: Browser, support: Browser, session: Session) -> None:
    me = Actor("staff", str(support.account_id), support.name)
    add_note(contest_row(session).code, words=f"@{support.name} @{admin.name} @nobody look", by=me)
    assert mentions_of(support.account_id or 0) == []  # nobody calls oneself
    (one,) = mentions_of(admin.account_id or 0)
    with pytest.raises(MentionSeen):
        see_mention(one.id, account_id=support.account_id or 0, by=me)
    see_mention(one.id, account_id=admin.account_id or 0, by=me)
    with pytest.raises(MentionSeen):
        see_mention(one.id, account_id=admin.account_id or 0, by=me)
