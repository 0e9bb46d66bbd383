"""Who else looks at a contest: named while their pages say so, and forgotten when they fall silent."""

import pytest
from sqlalchemy.orm import Session

from app.contests.live import here
from app.core import presence
from app.core.admission import Viewer
from app.core.errors import Refusal
from app.core.events import Asking
from app.core.extensions import valkey
from tests.clients import Browser, staff_browser
from tests.contests.rows import contest_row


def looking(browser: Browser, code: str) -> list[str]:
    asking = Asking("sid", "peer", Viewer(browser.account_id, 1, "admin"))
    return list(here(asking, {"code": code})["others"])


def test_each_sees_the_others(admin: Browser, session: Session) -> None:
    code = contest_row(session).code
    other = staff_browser(admin.application, "support", name="zoe")
    assert looking(admin, code) == []
    assert looking(other, code) == [admin.name.title()]
    assert looking(admin, code) == ["Zoe"]
    assert looking(admin, contest_row(session).code) == []


def test_two_pages_of_one_person_are_one(admin: Browser, session: Session) -> None:
    code = contest_row(session).code
    looking(admin, code)
    assert looking(admin, code) == []


def test_who_falls_silent_is_forgotten(admin: Browser, session: Session) -> None:
    contest = contest_row(session)
    valkey().zadd(f"here:{contest.id}", {"7:Gone": 1.0})
    assert looking(admin, contest.code) == []
    assert 0 < valkey().ttl(f"here:{contest.id}") <= presence.HERE_S


def test_a_contest_that_is_not_there_is_refused(admin: Browser, session: Session) -> None:
    with pytest.raises(Refusal, match="no such contest"):
        looking(admin, "NONE")
