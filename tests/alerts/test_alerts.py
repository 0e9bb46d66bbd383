"""One thing that is wrong is one alert, however often it is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.alerts.models import Alert
from app.alerts.queries import open_alerts
from app.alerts.service import acknowledge_alert, raise_alert, resolve_alert, snooze_alert, write_news
from app.alerts.service.alerting import Raised
from app.audit.models import AuditEntry
from app.audit.rules import Actor
from app.core.errors import Refusal

ANN, BEN = Actor("staff", "1", "Ann"), Actor("staff", "2", "Ben")


def tell(fingerprint: str = "feed:pyth", severity: str = "warning", what: str = "Pyth is silent") -> Raised:
    return raise_alert(fingerprint, severity=severity, subject="Source", what=what, next_step="Look at Pyth")


def test_a_thousand_times_the_same_is_one_row(session: Session) -> None:
    for _ in range(1000):
        last = tell()
    alert = session.query(Alert).one()
    assert (last.is_new, last.count, alert.count, alert.state) == (False, 1000, 1000, "firing")
    assert session.query(AuditEntry).filter_by(action="alerts:alert:raise").count() == 1


def test_what_was_resolved_opens_anew(session: Session) -> None:
    first = tell()
    assert [resolve_alert("feed:pyth"), resolve_alert("feed:pyth")] == [True, False]
    assert tell().id != first.id
    assert session.query(Alert).count() == 2


def test_the_worst_stands_first(session: Session) -> None:
    for fingerprint, severity in (("a", "info"), ("b", "critical"), ("c", "warning"), ("d", "critical")):
        tell(fingerprint, severity)
    assert [alert.fingerprint for alert in open_alerts()] == ["d", "b", "c", "a"]
    assert [alert.fingerprint for alert in open_alerts(limit=1)] == ["d"]


def test_somebody_looks_after_it(session: Session) -> None:
    number = tell().id
    acknowledge_alert(number, by=ANN)
    assert [(alert.state, alert.acknowledged_by) for alert in open_alerts()] == [("acknowledged", "Ann")]
    with pytest.raises(Refusal, match="Ann looks after"):
        acknowledge_alert(number, by=BEN)


def test_one_that_gets_worse_fires_again_whoever_looks_after_it(session: Session) -> None:
    number = tell().id
    acknowledge_alert(number, note="On it", by=ANN)
    snooze_alert(number, reason="Only a warning", minutes=60, by=ANN)
    write_news()
    tell(severity="critical")
    (alert,) = session.query(Alert).populate_existing()
    assert alert.state == "firing"
    looked_after = (alert.acknowledged_by, alert.acknowledged_at, alert.acknowledged_until)
    assert not any((*looked_after, alert.snoozed_until, alert.snoozed_by, alert.told_at))
    (entry,) = session.query(AuditEntry).filter_by(action="alerts:alert:worsen")
    assert (entry.before, entry.after) == ({"severity": "warning"}, {"state": "firing", "severity": "critical"})
    acknowledge_alert(number, note="On it", by=BEN)
    tell(severity="critical")
    assert [(one.state, one.acknowledged_by) for one in open_alerts()] == [("acknowledged", "Ben")]


def test_a_resolved_one_needs_nobody(session: Session) -> None:
    number = tell().id
    resolve_alert("feed:pyth")
    with pytest.raises(Refusal, match=f"Alert {number} is not open"):
        acknowledge_alert(number, by=ANN)


def test_many_at_once_still_make_one(committing: Flask) -> None:
    def telling(_: int) -> int:
        with committing.app_context():
            return tell().count

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(telling, range(8))) == list(range(1, 9))
