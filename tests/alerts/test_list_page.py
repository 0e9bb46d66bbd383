"""The list of alerts and the panel: what is wrong, worst first, and why something is not shown."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.alerts.queries import alert_counts, open_alerts
from app.alerts.rules.matching import Matcher
from app.alerts.service import acknowledge_alert, add_silence, resolve_alert, snooze_alert
from tests.alerts.telling import ANN, told
from tests.clients import HTMX, Browser
from tests.pages import Soup

ROWS = "#list tbody th a"


def test_the_worst_stands_first_and_opens_with_one_click(admin: Browser, session: Session, soup: Soup) -> None:
    told("contest:1", subject="Contest A")
    told("payouts:freeze", severity="critical", subject="Payouts are frozen")
    page = soup(admin.get("/alerts"))
    assert page.texts(ROWS) == ["Payouts are frozen", "Contest A"]
    assert page.texts("#list tbody .button") == ["See the freeze", "Open the contest"]


def test_each_view_has_its_own(admin: Browser, session: Session, soup: Soup) -> None:
    numbers = {name: told(f"contest:{name}", subject=name) for name in ("active", "acknowledged", "quiet", "past")}
    acknowledge_alert(numbers["acknowledged"], note="On it", by=ANN)
    snooze_alert(numbers["quiet"], reason="Later", minutes=30, by=ANN)
    resolve_alert("contest:past")
    for view in numbers:
        assert soup(admin.get(f"/alerts?view={view}")).texts(ROWS) == [view]
    counts = alert_counts()
    assert (counts.active, counts.acknowledged, counts.quiet, counts.warning) == (1, 1, 1, 1)
    assert [alert.subject for alert in open_alerts()] == ["acknowledged", "active"]


def test_a_service_that_is_down_mutes_what_needs_it(admin: Browser, session: Session, soup: Soup) -> None:
    told("contest:1", subject="Contest A")
    told("payouts:freeze", severity="critical", subject="Payouts are frozen")
    told("service:database", severity="critical", subject="Database does not answer")
    assert soup(admin.get("/alerts")).texts(ROWS) == ["Database does not answer", "Payouts are frozen"]
    assert "muted by Database" in soup(admin.get("/alerts?view=quiet")).words("#list")


def test_silences_say_what_they_hide(admin: Browser, session: Session, soup: Soup) -> None:
    told("webhook:3", subject="Webhook System")
    number = add_silence(Matcher("webhooks", None, None), reason="They move house", minutes=60, by=ANN)
    assert soup(admin.get("/alerts")).texts(ROWS) == []
    assert f"silence {number}" in soup(admin.get("/alerts?view=quiet")).words("#list")
    assert "all alerts of Webhooks by Ann" in soup(admin.get("/alerts")).words("#silences-now")


def test_long_lists_have_pages(admin: Browser, session: Session, soup: Soup) -> None:
    for number in range(55):
        told(f"contest:{number}", subject=f"C{number}")
    first = soup(admin.get("/alerts"))
    after = soup(admin.get(first.attr("a[rel=next]", "href")))
    assert (len(first.texts(ROWS)), after.texts(ROWS)) == (50, ["C4", "C3", "C2", "C1", "C0"])


def test_nobody_looking_is_said_and_the_list_stays(admin: Browser, session: Session, soup: Soup) -> None:
    told(subject="Still here")
    session.execute(text("INSERT INTO alert_watch VALUES (1, now() - interval '5 minutes', 9)"))
    page = soup(admin.get("/alerts"))
    assert "Nobody looks for what is wrong" in page.words("[role=alert] .notice")
    assert page.texts(ROWS) == ["Still here"]
    session.execute(text("UPDATE alert_watch SET beat_at = now()"))
    assert "The watch looked at 9 rules" in soup(admin.get("/alerts")).words("#alerts")


def test_the_panel_is_a_part_of_other_pages(support: Browser, session: Session, soup: Soup) -> None:
    assert support.get("/alerts/panel").status_code == 303
    assert soup(support.get("/alerts/panel", headers=HTMX)).words("#open-alerts p") == "All quiet."
    told(subject="Contest A")
    assert "Contest A" in soup(support.get("/alerts/panel", headers=HTMX)).words("#open-alerts")
