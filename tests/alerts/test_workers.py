"""A time without any worker is told once, by the worker that comes next."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.alerts.models import Alert, AlertNews
from app.alerts.service import note_worker_silence
from app.core.beats import Worker
from app.core.clock import database_now

SECOND = timedelta(seconds=1)


def worked(session: Session, name: str, from_s: int, to_s: int) -> None:
    """A worker that was seen between so many seconds ago."""
    now = database_now()
    facts = {
        "host": "here",
        "pid": 1,
        "version": "1",
        "started_at": now - from_s * SECOND,
        "beat_at": now - to_s * SECOND,
    }
    session.add(Worker(name=name, **facts))
    session.commit()


def test_the_next_worker_tells_of_it_once(session: Session) -> None:
    worked(session, "first", 600, 100)
    worked(session, "second", 20, 0)
    assert (note_worker_silence(), note_worker_silence()) == (True, False)
    (alert,) = session.query(Alert).all()
    assert (alert.subject, alert.state, alert.service) == ("Workers", "resolved", "workers")
    assert 99 <= (database_now() - alert.first_seen_at).total_seconds() <= 160
    assert "No worker was at work from" in alert.what
    assert [(news.event, news.alert_id) for news in session.query(AlertNews)] == [("fired", alert.id)]


def test_it_is_not_told_again_when_the_one_that_told_of_it_ends(session: Session) -> None:
    worked(session, "first", 600, 300)
    worked(session, "second", 200, 0)
    assert note_worker_silence()
    at_its_start = "first_seen_at = first_seen_at - interval '190 s', last_seen_at = last_seen_at - interval '190 s'"
    session.execute(text(f"UPDATE alerts SET {at_its_start}, resolved_at = now()"))  # noqa: S608 (words of ours)
    session.execute(text("UPDATE workers SET stopped_at = now() WHERE name = 'second'"))
    worked(session, "third", 100, 0)
    assert note_worker_silence() is False


@pytest.mark.parametrize(("from_s", "to_s"), [(600, 25), (600, 0)])
def test_a_worker_that_follows_soon_leaves_no_silence(session: Session, from_s: int, to_s: int) -> None:
    worked(session, "first", from_s, to_s)
    worked(session, "second", 10, 0)
    assert note_worker_silence() is False


def test_the_first_of_all_follows_nobody(session: Session) -> None:
    session.execute(text("DELETE FROM workers"))
    worked(session, "first", 10, 0)
    assert note_worker_silence() is False
