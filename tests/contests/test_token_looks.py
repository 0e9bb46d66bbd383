"""The chain is asked about a token again just before it counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.contests.jobs.life import look_before_it_counts
from app.contests.models import ContestToken
from app.contests.queries.weak_tokens import served_badly
from app.whitelist.models import TokenWatch
from tests.contests.rows import contest_row, token_row

BADLY = {"check": "worst_minute", "verdict": "warn", "value": "until 12:00 UTC: gap 20 s", "source": "our feed"}
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("state", "starts_in", "ends_in", "looked_ago", "is_due"),
    [
        ("scheduled", 4, 60, 30, True),
        ("scheduled", 6, 60, 30, False),
        ("scheduled", 4, 60, 3, False),
        ("live", -60, 4, 30, True),
        ("live", -60, 6, 30, False),
        ("ended", -60, -1, 30, False),
    ],
)
def test_before_a_start_and_before_settlement(
    session: Session, state: str, starts_in: int, ends_in: int, looked_ago: int, is_due: bool
) -> None:
    now = datetime.now(UTC)
    token = token_row(session, "EDGE")
    facts: dict[str, Any] = {"starts_at": now + starts_in * MINUTE, "ends_at": now + ends_in * MINUTE}
    facts |= {} if state == "ended" else {"ended_at": None} | ({} if state == "live" else {"started_at": None})
    contest = contest_row(session, state=state, **facts)
    session.add(ContestToken(contest_id=contest.id, token_id=token.id))
    watch = TokenWatch(token_id=token.id, looked_at=now - looked_ago * MINUTE, next_look_at=now + 30 * MINUTE)
    session.add(watch)
    session.commit()
    look_before_it_counts()
    session.refresh(watch)
    assert (watch.next_look_at <= datetime.now(UTC) + timedelta(seconds=5)) is is_due


@pytest.mark.parametrize(
    ("starts_in", "verdict", "others", "is_told"),
    [(10, "warn", 2, True), (10, "pass", 2, False), (20, "warn", 2, False), (10, "warn", 1, False)],
)
def test_a_contest_that_starts_with_a_badly_served_token(
    session: Session, starts_in: int, verdict: str, others: int, is_told: bool
) -> None:
    """Where half of its tokens are served badly, the feed was away, and nothing is said of them."""
    now = datetime.now(UTC)
    token = token_row(session, "GAPPY")
    good = [token_row(session, f"FINE{number}") for number in range(others)]
    times: dict[str, Any] = {"starts_at": now + starts_in * MINUTE, "ends_at": now + 60 * MINUTE}
    contest = contest_row(session, code="SOON", state="scheduled", started_at=None, ended_at=None, **times)
    session.add_all(ContestToken(contest_id=contest.id, token_id=one.id) for one in (token, *good))
    session.add(TokenWatch(token_id=token.id, lines=[BADLY | {"verdict": verdict}], next_look_at=now))
    session.commit()
    told = [(one.fingerprint, "GAPPY until 12:00 UTC: gap 20 s" in one.what) for one in served_badly()]
    assert told == ([("token:SOON", True)] if is_told else [])
