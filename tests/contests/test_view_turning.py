"""A person starts or ends a contest whose time has come, when no worker did."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.alerts.service import report_breaker
from app.audit.queries import timeline
from app.core.clock import database_now
from app.market.rules.feeds import LIVE_FEED
from tests.clients import Browser
from tests.contests.evaluating import contest_of
from tests.contests.rows import contest_row, entry_row
from tests.pages import Soup

WHY = "The worker is down"
PAGE = "/contests/CUP-1/evaluate"


def told(**changes: object) -> dict[str, object]:
    return {"turn-version": contest_of("CUP-1").version, "turn-reason": WHY, **changes}


def waiting(session: Session, state: str, **changes: object) -> None:
    """Its end was a minute ago, unless told otherwise."""
    contest = contest_row(session, code="CUP-1", state=state, started_at=None, ended_at=None, **changes)
    for number in range(2):
        entry_row(session, contest, f"player{number}")
    session.commit()


@pytest.mark.parametrize(("state", "verb", "after"), [("scheduled", "start", "live"), ("live", "end", "ended")])
def test_what_is_due_is_done_once_and_recorded(
    admin: Browser, session: Session, state: str, verb: str, after: str
) -> None:
    waiting(session, state)
    words = told()
    assert admin.submit(f"/contests/CUP-1/{verb}", words, page=PAGE).status_code == 303
    assert contest_of("CUP-1").state == after
    newest = timeline("contest", "CUP-1")[0]
    assert (newest.action, newest.reason, newest.actor_kind) == (f"contests:contest:{verb}", WHY, "staff")
    assert admin.submit(f"/contests/CUP-1/{verb}", words).status_code == 409


def test_nothing_is_done_before_its_time(admin: Browser, session: Session, soup: Soup) -> None:
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    waiting(session, "scheduled", starts_at=later, ends_at=later + timedelta(hours=1))
    assert f"Not before {later:%Y-%m-%d %H:%M:%S}" in soup(admin.get(PAGE)).words("#turn")
    answer = admin.submit("/contests/CUP-1/start", told())
    assert (answer.status_code, contest_of("CUP-1").state) == (409, "scheduled")
    assert "has time until" in soup(answer).text


def test_without_a_reason_or_by_an_old_page_nothing_is_done(admin: Browser, session: Session, soup: Soup) -> None:
    waiting(session, "live")
    assert admin.submit("/contests/CUP-1/end", told(**{"turn-reason": " "})).status_code == 422
    answer = admin.submit("/contests/CUP-1/end", told(**{"turn-version": 0}))
    assert (answer.status_code, contest_of("CUP-1").state) == (409, "live")
    assert WHY in soup(answer).words("#turn textarea")


def test_nothing_begins_on_live_prices_while_they_are_not_to_be_relied_on(
    admin: Browser, session: Session, soup: Soup
) -> None:
    waiting(session, "scheduled", feed_id=LIVE_FEED)
    report_breaker("market", "open", reason="No valid tick for 3 s.", next_probe_at=None, now=database_now())
    answer = admin.submit("/contests/CUP-1/start", told())
    assert (answer.status_code, contest_of("CUP-1").state) == (409, "scheduled")
    assert "breaker is open" in soup(answer).text
