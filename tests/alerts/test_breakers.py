"""What a breaker says: computed, forced for a while, and at any moment of its past."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.alerts.queries import breaker, breaker_at, breaker_changes, open_alerts
from app.alerts.rules.breakers import BreakerState
from app.alerts.service import end_expired, force_breaker, release_breaker, report_breaker
from app.audit.models import AuditEntry
from app.audit.rules import Actor
from app.core.clock import database_now
from app.core.errors import Refusal

ANN = Actor("staff", "1", "Ann")
pytestmark = pytest.mark.usefixtures("session")


def report(state: str, reason: str = "No valid tick for 3 s.", at: datetime | None = None) -> BreakerState:
    return report_breaker("market", state, reason=reason, next_probe_at=None, now=at or database_now())


def force(state: str, minutes: int = 10) -> BreakerState:
    return force_breaker("market", state=state, reason="The feed is being moved", minutes=minutes, by=ANN)


def now() -> BreakerState:
    found = breaker("market")
    assert found is not None
    return found


def run_out(session: Session) -> None:
    session.execute(text("UPDATE breakers SET forced_until = clock_timestamp() - interval '1 second'"))


def test_nothing_is_known_before_something_was_reported() -> None:
    assert (breaker("market"), breaker_at("market", database_now())) == (None, None)


@pytest.mark.parametrize("computed", ["closed", "open", "half_open"])
@pytest.mark.parametrize("forced", [None, "closed", "open", "half_open"])
def test_a_forced_state_counts(computed: str, forced: str | None) -> None:
    report(computed)
    if forced:
        force(forced)
    assert (now().state, now().computed.state) == (forced or computed, computed)
    assert now().is_open == ((forced or computed) != "closed")
    assert len(open_alerts()) == now().is_open


@pytest.mark.parametrize("computed", ["closed", "open"])
def test_a_forced_state_ends_with_its_time(session: Session, computed: str) -> None:
    report(computed)
    force("open" if computed == "closed" else "closed")
    run_out(session)
    assert (now().state, now().forced) == (computed, None)
    assert [end_expired(), end_expired()] == [True, False]
    assert (now().state, len(open_alerts())) == (computed, computed == "open")


def test_releasing_lets_the_computed_state_count() -> None:
    report("closed")
    force("open")
    assert release_breaker("market", by=ANN, reason="The feed is back").state == "closed"
    with pytest.raises(Refusal, match="Nobody forces the market breaker"):
        release_breaker("market", by=ANN, reason="Again")


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"state": "ajar"}, "cannot be ajar"), ({"reason": " "}, "needs a reason"), ({"minutes": 0}, "1 to 1440 minutes")],
)
def test_what_cannot_be_forced(changes: dict[str, Any], words: str) -> None:
    asked: dict[str, Any] = {"state": "open", "reason": "Because", "minutes": 5} | changes
    with pytest.raises(Refusal, match=words) as refused:
        force_breaker("market", **asked, by=ANN)
    assert (refused.value.status, breaker("market")) == (422, None)


def test_no_other_breaker_is_known() -> None:
    with pytest.raises(Refusal, match="There is no breaker moon"):
        report_breaker("moon", "open", reason=None, next_probe_at=None, now=database_now())


def test_telling_the_same_again_changes_nothing_but_the_probe(session: Session) -> None:
    report("open")
    changes, rows = len(breaker_changes("market")), session.query(AuditEntry).count()
    probe = datetime(2026, 3, 4, 12, tzinfo=UTC)
    again = report_breaker("market", "open", reason="Still nothing", next_probe_at=probe, now=database_now())
    assert (len(breaker_changes("market")), session.query(AuditEntry).count()) == (changes, rows)
    assert (again.reason, now().next_probe_at) == ("No valid tick for 3 s.", probe)


def test_every_change_is_on_record(session: Session) -> None:
    report("closed", "")
    force("open")
    release_breaker("market", by=ANN, reason="Over")
    verbs = [
        entry.action for entry in session.query(AuditEntry).order_by(AuditEntry.seq) if ":breaker:" in entry.action
    ]
    assert verbs == ["alerts:breaker:report", "alerts:breaker:force", "alerts:breaker:release"]
    assert [(c.kind, c.from_state, c.to_state, c.by) for c in breaker_changes("market")][:3] == [
        ("forced", "open", None, "Ann"),
        ("forced", None, "open", "Ann"),
        ("computed", "open", "closed", "System"),
    ]


def test_an_open_breaker_alerts_until_it_closes() -> None:
    report("open")
    report("half_open")
    report("open")
    (alert,) = open_alerts()
    assert (alert.subject, alert.severity, alert.count) == ("Market data delay", "critical", 3)
    assert "Circuit break" in alert.next_step
    report("closed")
    assert not open_alerts()


def test_the_past_can_be_asked() -> None:
    start = database_now() - timedelta(hours=1)
    for minute, state in enumerate(("closed", "open", "half_open", "closed")):
        report(state, at=start + timedelta(minutes=minute))
    force("open", minutes=5)
    forced = now().since
    asked = [start + timedelta(minutes=minute, seconds=1) for minute in range(4)] + [
        forced,
        forced + timedelta(minutes=6),
    ]
    found = [breaker_at("market", moment) for moment in asked]
    assert [was.state if was else None for was in found] == ["closed", "open", "half_open", "closed", "open", "closed"]


@pytest.mark.parametrize("change", ["UPDATE breaker_transitions SET by = 'Bob'", "DELETE FROM breaker_transitions"])
def test_the_database_keeps_what_was(session: Session, change: str) -> None:
    report("open")
    with pytest.raises(IntegrityError, match="append-only"):
        session.execute(text(change))
