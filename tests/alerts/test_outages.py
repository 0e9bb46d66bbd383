"""The database is away: one red, its children muted, everything known still on the page; told when it is back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from flask import Flask

from app.alerts.jobs.watch import Watch
from app.alerts.models import Alert
from app.alerts.queries.health import bands
from app.alerts.service import note_outage
from app.core.extensions import db
from tests.alerts.outages import database_away
from tests.alerts.telling import told
from tests.clients import HTMX, staff_browser
from tests.pages import parsed

ROWS = "#list tbody tr"


def test_one_red_and_its_children_muted(committing: Flask) -> None:
    with committing.app_context():
        told("contest:1", subject="Contest A", severity="critical")
        told("payouts:freeze", subject="Payouts are frozen", severity="critical")
    browser = staff_browser(committing, "admin")
    assert parsed(browser.get("/alerts")).select("#outage") == []
    browser.get("/services")
    with database_away(committing):
        page = parsed(browser.get("/alerts"))
        assert page.words("#outage h2") == "Database does not answer"
        assert "Muted by Database: Desk, Market, Workers, Whitelist, Contests, Payouts" in page.words("#outage")
        rows = dict(zip(page.texts(f"{ROWS} th a"), page.texts(ROWS), strict=True))
        assert "○critical" in rows["Contest A"]
        assert "muted by Database" in rows["Contest A"]
        assert "✕critical" in rows["Payouts are frozen"]
        assert parsed(browser.get("/alerts", headers=HTMX)).select("#outage")
        assert "Database (✕ critical)" in parsed(browser.get("/services")).words("#graph details")
        assert browser.get("/contests").status_code == 503
    assert parsed(browser.get("/alerts")).select("#outage") == []


def test_a_stranger_sees_nothing_of_it(committing: Flask) -> None:
    known, stranger = staff_browser(committing, "admin"), staff_browser(committing, "admin")
    known.get("/alerts")
    with database_away(committing):
        assert known.get("/alerts").status_code == 200
        assert stranger.get("/alerts").status_code == 503


def test_the_watch_tells_of_it_when_it_is_back(committing: Flask) -> None:
    watch = Watch()
    with committing.app_context():
        with database_away(committing):
            watch()
            watch()
        watch()
        (alert,) = db.session.query(Alert).filter_by(fingerprint="service:database")
        assert (alert.subject, alert.state, alert.count) == ("Database was away", "resolved", 1)
        assert "did not answer from" in alert.what


def test_many_watches_tell_of_it_once_and_since_when(committing: Flask) -> None:
    until = datetime.now(UTC)

    def tell(seconds: int) -> bool:
        with committing.app_context():
            return note_outage("database", until - timedelta(seconds=60 + seconds), until)

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(tell, range(4)))
    with committing.app_context():
        (alert,) = db.session.query(Alert)
        assert (sum(told), alert.count, alert.state) == (1, 1, "resolved")
        assert (until - alert.first_seen_at).total_seconds() >= 60
        assert bands(timedelta(minutes=10)).of["database"][-2].state == "critical"
        assert note_outage("database", datetime.now(UTC), datetime.now(UTC))
