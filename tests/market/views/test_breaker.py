"""Forcing the breaker, and releasing it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.alerts.queries import breaker
from app.audit.models import AuditEntry
from app.market.rules.feeds import LIVE_FEED
from tests.clients import Browser
from tests.contests.rows import contest_row
from tests.pages import parsed

BREAKER = "/market/breaker"
FORCE, RELEASE = f"{BREAKER}/force", f"{BREAKER}/release"


def force(browser: Browser, **changes: str) -> Any:
    seen = parsed(browser.get(BREAKER)).attr("[name=force-seen]", "value")
    sent = {"seen": seen, "state": "open", "minutes": "15", "reason": "The sources are being moved"} | changes
    return browser.submit(FORCE, {f"force-{name}": value for name, value in sent.items()}, page=BREAKER)


def state() -> str | None:
    now = breaker("market")
    return now.forced.state if now and now.forced else None


def test_an_admin_forces_it_for_a_while(admin: Browser, session: Session) -> None:
    assert force(admin).status_code == 303
    page = parsed(admin.get(BREAKER))
    assert state() == "open"
    assert "The sources are being moved" in page.words("#breaker-now")
    assert page.texts("#breaker-history tbody td")[1] == "forced"


def test_what_it_holds_up_is_shown_first_and_kept_with_the_action(admin: Browser, session: Session) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=10)
    facts: dict[str, Any] = {"feed_id": LIVE_FEED, "ended_at": None}
    later = soon + timedelta(hours=1)
    contest_row(session, code="SOON-1", state="scheduled", starts_at=soon, started_at=None, ends_at=later, **facts)
    contest_row(session, code="NOW-1", state="live", ends_at=soon, **facts)
    session.commit()
    words = "Holds up starts of SOON-1 and evaluations of NOW-1"
    assert words in parsed(admin.get(BREAKER)).words("#force")
    force(admin)
    kept = session.query(AuditEntry).filter_by(action="alerts:breaker:force").one()
    assert (kept.after or {})["blast_radius"] == words


def test_an_admin_releases_it(admin: Browser, session: Session) -> None:
    force(admin, state="closed")
    seen = parsed(admin.get(BREAKER)).attr("[name=release-seen]", "value")
    done = admin.submit(RELEASE, {"release-seen": seen, "release-reason": "They are back"}, page=BREAKER)
    assert done.status_code == 303
    assert state() is None


def test_a_reason_is_asked_for(admin: Browser, session: Session) -> None:
    answer = force(admin, reason=" ")
    assert answer.status_code == 422
    assert "Write one sentence" in parsed(answer).words("#force .summary")
    assert state() is None


def test_what_somebody_else_forced_meanwhile_is_seen_first(admin: Browser, session: Session) -> None:
    force(admin)
    answer = force(admin, seen="none", state="closed")
    assert answer.status_code == 409
    assert "Somebody else changed the breaker" in parsed(answer).words(".notice")
    assert state() == "open"


def test_support_looks_and_cannot(support: Browser, session: Session) -> None:
    page = parsed(support.get(BREAKER))
    assert not page.select("main form")
    assert support.submit(FORCE, {"force-state": "open"}).status_code == 403
    assert state() is None
