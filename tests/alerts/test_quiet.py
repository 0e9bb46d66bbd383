"""What keeps an alert quiet is asked on every page, so its statement is compiled once and then found again."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alerts.models import Alert
from app.alerts.queries import alert_counts
from app.alerts.queries.open_alerts import active_count
from app.alerts.queries.quiet import is_quiet, muted_by
from app.alerts.service import acknowledge_alert, snooze_alert
from tests.alerts.telling import ANN, told


def test_its_statement_is_compiled_once(session: Session) -> None:
    for statement in (select(Alert.id).where(is_quiet()), select(muted_by()), select(active_count())):
        assert statement._generate_cache_key() is not None


def test_each_counts_under_one_heading(session: Session) -> None:
    numbers = [told(f"contest:{number}", severity="critical") for number in range(3)]
    told("contest:9")
    told("contest:10", severity="info")
    acknowledge_alert(numbers[0], note="On it", by=ANN)
    for number in numbers[:2]:
        snooze_alert(number, reason="Later", minutes=30, by=ANN)
    counts = alert_counts()
    assert (counts.active, counts.acknowledged, counts.quiet) == (3, 1, 1)
    assert (counts.critical, counts.warning) == (1, 1)
