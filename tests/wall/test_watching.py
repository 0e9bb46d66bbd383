"""The worker finds screens that are off, frozen or lying, and tells of each once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.alerts.queries import open_alerts
from app.audit.rules import SYSTEM
from app.core.clock import database_now
from app.wall.queries.screens import fleet, link_key
from app.wall.rules.words import period, word
from app.wall.service.reporting import note_report, note_troubles
from app.wall.service.screens import revoke_screen
from tests.wall.hanging import hung, told


@pytest.fixture
def screen(session: Session) -> int:
    return hung().screen_id


def right_word(screen: int) -> str:
    key = link_key(screen)
    assert key is not None
    return word(key, period(database_now().timestamp()))


def reported(screen: int, **changes: object) -> list[str]:
    """The alerts once the worker has looked at this report."""
    note_report(screen, told(word=right_word(screen), **changes) if "word" not in changes else told(**changes))
    note_troubles()
    return [alert.what for alert in open_alerts()]


def test_a_screen_that_is_well_raises_nothing(screen: int) -> None:
    assert reported(screen) == []
    assert (fleet()[0].fps, fleet()[0].trouble) == (60, None)


def test_a_silent_screen_is_off_and_comes_back(screen: int, session: Session) -> None:
    reported(screen)
    session.execute(text("UPDATE screen_reports SET reported_at = clock_timestamp() - interval '31 s'"))
    assert (note_troubles(), note_troubles()) == (1, 0)
    assert "Screen Office has told nothing since" in open_alerts()[0].what
    assert (fleet()[0].is_silent, open_alerts()[0].count) == (True, 1)
    assert reported(screen) == []


def test_workers_that_look_at_once_tell_once(committing: Flask) -> None:
    def look(_: int) -> int:
        with committing.app_context():
            return note_troubles()

    with committing.app_context():
        note_report(hung().screen_id, told(painted_ms=12_000))
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(look, range(8))) == 1
    with committing.app_context():
        assert [alert.count for alert in open_alerts()] == [1]


def test_a_frozen_screen_paints_nothing(screen: int) -> None:
    assert reported(screen, painted_ms=12_000) == ["Screen Office has painted nothing for 12 s"]


@pytest.mark.parametrize("lie", [{"lag_ms": 9_000}, {"lag_ms": None}, {"word": "older"}])
def test_a_screen_that_claims_to_be_live_and_is_not_lies(screen: int, lie: dict[str, object]) -> None:
    assert len(reported(screen, **lie)) == 1
    assert fleet()[0].trouble == "lying"


def test_a_screen_that_says_stale_is_honest(screen: int) -> None:
    assert reported(screen, state="stale", lag_ms=90_000, word="older") == []


def test_a_revoked_screen_is_no_longer_watched(screen: int) -> None:
    reported(screen, painted_ms=12_000)
    revoke_screen(screen, by=SYSTEM)
    assert (open_alerts(), note_troubles()) == ([], 0)
    note_report(screen, told())
    assert fleet()[0].reported_at is None
