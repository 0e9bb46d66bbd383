"""From the end of a contest to its draft, measured by the times the database wrote."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.contests.queries.evaluation_times import evaluation_times
from app.core.clock import database_now
from tests.clients import Browser
from tests.contests.rows import contest_row
from tests.pages import Soup


def took(session: Session, seconds: int) -> None:
    """A contest whose draft came so long after its end."""
    end = database_now() - timedelta(seconds=seconds)
    start = end - timedelta(hours=1)
    contest = contest_row(session, state="proposed", starts_at=start, started_at=start, ends_at=end, ended_at=end)
    session.execute(text("UPDATE contests SET created_at = :at WHERE id = :id"), {"at": end, "id": contest.id})


def test_the_middle_the_slowest_and_how_many_kept_the_target(session: Session) -> None:
    contest_row(session, state="ended")
    for seconds in (2, 3, 5_000, 20_000):
        took(session, seconds)
    times = evaluation_times(aim_s=1_000, goal_s=10_000)
    assert (times.contests, times.within_aim, times.within_goal) == (4, 2, 3)
    assert 3 <= (times.median_s or 0) < 1_000
    assert 20_000 <= (times.slowest_s or 0) < 21_000


def test_they_stand_at_the_head_of_the_list(admin: Browser, session: Session, soup: Soup) -> None:
    assert soup(admin.get("/contests")).select_one("#evaluation-times") is None
    took(session, 3 * 3600)
    session.commit()
    words = soup(admin.get("/contests")).words("#evaluation-times")
    assert words.startswith("End to draft, last 1 contest: 3 h")
    assert "0 within the target of 5 min" in words
