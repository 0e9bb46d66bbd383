"""The watch: what lasts becomes an alert, what is right for a while ends it, and a rule that breaks hides nothing."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Flask
from redis.exceptions import ConnectionError as NotConnected
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.alerts.jobs.watch import Watch, looked_at
from app.alerts.models import Alert
from app.alerts.queries.watch import watch_state
from app.alerts.rules.found import Found
from app.alerts.service import take_round
from tests.alerts.telling import told
from tests.clients import api_client


def found(pending_s: int = 0, recovery_s: int = 0) -> Found:
    told = ("queue:webhooks", "warning", "Webhooks wait", "One waits", "Look")
    return Found(*told, pending_s=pending_s, recovery_s=recovery_s)


def round_of(*what: Found, rule: str = "webhooks.late") -> None:
    take_round({rule: what}, rules=1)


def later(session: Session, seconds: int) -> None:
    """Everything was so many seconds earlier."""
    moved = {"ago": timedelta(seconds=seconds)}
    session.execute(text("UPDATE alert_conditions SET wrong_at = wrong_at - :ago, right_at = right_at - :ago"), moved)
    session.commit()
    session.expire_all()


def states(session: Session) -> list[str]:
    return [alert.state for alert in session.query(Alert).order_by(Alert.id)]


def test_a_blip_makes_no_alert(session: Session) -> None:
    round_of(found(pending_s=10))
    round_of()
    later(session, 20)
    round_of(found(pending_s=10))
    assert states(session) == []


def test_what_lasts_does_and_goes_on_counting(session: Session) -> None:
    round_of(found(pending_s=10))
    later(session, 11)
    round_of(found(pending_s=10))
    round_of(found(pending_s=10))
    assert [(alert.state, alert.count) for alert in session.query(Alert)] == [("firing", 2)]


def test_it_ends_when_it_was_right_for_a_while(session: Session) -> None:
    round_of(found(recovery_s=30))
    round_of()
    assert states(session) == ["firing"]
    round_of(found(recovery_s=30))
    later(session, 31)
    round_of()
    assert states(session) == ["firing"]
    later(session, 31)
    round_of()
    assert states(session) == ["resolved"]


def test_only_its_own_rule_ends_it(session: Session) -> None:
    round_of(found())
    take_round({"market.silent": []}, rules=2, problem="webhooks.late could not be looked at")
    assert states(session) == ["firing"]
    assert watch_state().problem == "webhooks.late could not be looked at"


def test_a_rule_that_breaks_stops_no_other(session: Session) -> None:
    def broken() -> Sequence[Found]:
        raise NotConnected

    def wrong_sql() -> Sequence[Found]:
        session.execute(text("SELECT * FROM nowhere"))
        return []

    def sound() -> Sequence[Found]:
        return [found()]

    seen, problems = looked_at([broken, wrong_sql, sound])
    assert (list(seen), problems) == (["alerts.sound"], ["alerts.broken", "alerts.wrong_sql"])


def test_others_may_watch_what_is_open(session: Session, isolated: Flask) -> None:
    told("contest:1", severity="critical")
    Watch()()
    shown = api_client(isolated, "metrics:read").get("/metrics").get_data(as_text=True).splitlines()
    assert 'degenduel_breaker_open{breaker="market"} 1.0' in shown
    assert any(line.startswith('degenduel_alerts_open{severity="critical"} ') and line[-3:] != "0.0" for line in shown)


def test_the_watch_beats(session: Session) -> None:
    assert watch_state().is_silent
    round_of()
    assert (watch_state().is_silent, watch_state().rules) == (False, 1)
    session.execute(text("UPDATE alert_watch SET beat_at = beat_at - interval '61 seconds'"))
    assert watch_state().is_silent
