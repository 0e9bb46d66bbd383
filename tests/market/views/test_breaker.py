"""Forcing the breaker, and releasing it."""

from typing import Any

from sqlalchemy.orm import Session

from app.alerts.queries import breaker
from tests.clients import Browser
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
