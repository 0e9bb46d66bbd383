"""What waits for a person, and the clocks."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.contests.models import Import
from app.contests.queries import desk
from app.overview.queries import Counts, counts
from tests.contests.rows import contest_row, evaluation_row, standings, tie_row

MINUTE = timedelta(minutes=1)


def import_row(session: Session, state: str, **changes: object) -> Import:
    facts = {"file_name": "cup.json", "sha256": "0" * 64, "size_bytes": 1, "handed_in_by": "Ann", "content": b"{}"}
    row = Import(**(facts | {"state": state} | changes))
    session.add(row)
    session.flush()
    return row


def test_contests_that_wait_stand_worst_first(session: Session) -> None:
    now = datetime.now(UTC)
    for state in ("void", "ended", "delayed", "review"):
        contest_row(session, code=state, state=state)
    contest_row(session, code="stuck", state="evaluating", dead_at=now)
    ready = contest_row(session, code="ready", state="proposed", ends_at=now - 2 * MINUTE)
    draft = evaluation_row(session, ready)
    tie_row(session, draft, standings(session, ready, draft, ["1", "1"]))
    waiting = desk.contests_waiting()
    assert [line.code for line in waiting] == ["stuck", "review", "delayed", "ended", "ready"]
    assert waiting[-1].open_ties == 1


def test_the_longest_wait_comes_first_among_equals(session: Session) -> None:
    now = datetime.now(UTC)
    for minutes in (1, 3, 2):
        contest_row(session, code=f"M{minutes}", ends_at=now - minutes * MINUTE)
    assert [line.code for line in desk.contests_waiting(2)] == ["M3", "M2"]


def test_counts_are_those_of_the_lists(session: Session) -> None:
    now = datetime.now(UTC)
    contest_row(session, state="review")
    contest_row(session, state="void")
    import_row(session, "ready")
    import_row(session, "received")
    import_row(session, "refused", problem="trades[1]: no", finished_at=now - MINUTE)
    import_row(session, "refused", problem="trades[2]: no", finished_at=now - timedelta(days=2))
    assert counts() == Counts(contests=1, imports=2, money=0, submissions=0, alerts=0, referrals=0)
    assert [line.state for line in desk.imports_waiting()] == ["refused", "ready"]


def test_the_clocks(session: Session) -> None:
    now = datetime.now(UTC)
    contest_row(session, code="SOON", state="live", ends_at=now + MINUTE)
    contest_row(session, code="LATER", state="live", ends_at=now + 2 * MINUTE)
    contest_row(session, code="OLD", ended_at=now - 9 * MINUTE, created_at=now - 99 * MINUTE)
    contest_row(session, code="NEW", ended_at=now - MINUTE, created_at=now - 99 * MINUTE)
    final = contest_row(session, code="WON")
    evaluation_row(session, final)
    for state in ("price_check", "evaluating", "proposed"):
        final.state = state
        session.flush()
    clocks = desk.clocks()
    assert clocks.next_end == desk.Mark("SOON", now + MINUTE)
    assert clocks.oldest_unevaluated == desk.Mark("OLD", now - 9 * MINUTE)
    assert clocks.newest_final is None


def test_an_old_contest_waits_since_it_came_to_us(session: Session) -> None:
    contest_row(session, code="OLD", ended_at=datetime.now(UTC) - timedelta(days=999))
    waiting = desk.clocks().oldest_unevaluated
    assert waiting is not None
    assert datetime.now(UTC) - waiting.at < MINUTE


def test_without_contests_no_clock_runs(session: Session) -> None:
    clocks = desk.clocks()
    assert (clocks.next_end, clocks.oldest_unevaluated, clocks.newest_final) == (None, None, None)
