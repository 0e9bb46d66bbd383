"""What alerts and health ask of contests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.alerts.rules.found import Measured
from app.contests.queries.held_up import held_up
from app.contests.queries.promised import accuracy, done, errors, evaluation_late
from app.core.clock import database_now
from app.market.rules.feeds import LIVE_FEED
from tests.contests.bundles import tie_for_first
from tests.contests.evaluating import evaluated
from tests.contests.rows import contest_row, evaluation_row

MINUTE = timedelta(minutes=1)


def test_a_contest_that_waits_too_long_for_its_draft(session: Session) -> None:
    now = datetime.now(UTC)
    ended = now - 9 * MINUTE
    long_ago: dict[str, Any] = {"ends_at": ended, "ended_at": ended, "created_at": now - 99 * MINUTE}
    contest_row(session, code="ASKED-FOR", **long_ago)
    assert evaluation_late() == []
    contest_row(session, code="LATE-1", next_try_at=now, **long_ago)
    (found,) = evaluation_late()
    assert (found.fingerprint, found.link) == ("queue:contests", "/contests/LATE-1")
    assert "LATE-1 has waited 9 min" in found.what


def test_a_contest_that_was_evaluated_counts(session: Session) -> None:
    before = database_now()
    evaluated(tie_for_first())
    now = database_now()
    assert [(one.good, one.total) for one in done(before, now)] == [(1, 1)]
    assert accuracy(before, now) == [Measured("contests.accuracy", 1, 1)]
    assert errors(before, now) == [Measured("contests.errors", 1, 1)]
    assert [(one.good, one.total) for one in done(now, now + MINUTE)] == [(0, 0)]


def test_evaluators_that_disagree_are_no_accuracy(session: Session) -> None:
    before = database_now()
    evaluation_row(session, contest_row(session, state="evaluating"), verified="different", verify_note="rank 2")
    assert accuracy(before - MINUTE, database_now() + MINUTE) == [Measured("contests.accuracy", 0, 1)]


def test_what_a_breaker_holds_up_is_said_in_a_sentence(session: Session) -> None:
    assert held_up().sentence == "No contest is held up within the hour"
    for number in range(12):
        ends_at = datetime.now(UTC) + MINUTE
        contest_row(session, code=f"END-{number:02}", state="live", ends_at=ends_at, feed_id=LIVE_FEED, ended_at=None)
    assert held_up().sentence.startswith("Holds up evaluations of END-00, END-01")
    assert held_up().sentence.endswith("END-09 and 2 more")
