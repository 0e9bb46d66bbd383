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
    assert (alert.subject, alert.state) == ("Workers", "resolved")
    assert "No worker was at work from" in alert.what
    assert [(news.event, news.alert_id) for news in session.query(AlertNews)] == [("fired", alert.id)]


@pytest.mark.parametrize(("from_s", "to_s"), [(600, 25), (600, 0)])
def test_a_worker_that_follows_soon_leaves_no_silence(session: Session, from_s: int, to_s: int) -> None:
    worked(session, "first", from_s, to_s)
    worked(session, "second", 10, 0)
    assert note_worker_silence() is False


def test_the_first_of_all_follows_nobody(session: Session) -> None:
    session.execute(text("DELETE FROM workers"))
    worked(session, "first", 10, 0)
    assert note_worker_silence() is False
