"""Alerts in a real browser: they arrive by themselves, and a database that falls is seen on the open page."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.alerts.jobs.watch import Watch
from app.core import live
from tests.alerts.outages import database_away
from tests.alerts.telling import told
from tests.browser.chromium import axe, overflow
from tests.browser.serving import Server, free_port, on_port, served
from tests.conftest import app_for_tests, settings_for_tests


@pytest.fixture(scope="module")
def desk(engine_home: Path, new_database: Callable[[], str]) -> Iterator[Server]:
    """A server with a database of its own, which is taken away here."""
    app = app_for_tests(on_port(settings_for_tests(engine_home, new_database()), free_port()))
    with served(app) as server:
        yield server


@pytest.fixture
def page(chromium: Browser, desk: Server) -> Iterator[Page]:
    context = chromium.new_context(base_url=desk.url, viewport={"width": 1366, "height": 768})
    context.add_cookies([{"name": "sid", "value": desk.cookie_of("admin"), "url": desk.url}])
    yield context.new_page()
    context.close()


def happen(desk: Server, fingerprint: str, **facts: str) -> None:
    with desk.app.app_context():
        told(fingerprint, **facts)
        live.emit("alert.changed", {})


def test_an_alert_arrives_by_itself_and_somebody_takes_it(page: Page, desk: Server) -> None:
    page.goto("/alerts")
    expect(page.locator("[data-module=live]")).to_contain_text("live")
    happen(desk, "contest:1", subject="Contest MOON", severity="critical")
    page.get_by_role("link", name="Contest MOON").click()
    page.locator("#actions summary", has_text="Acknowledge").click()
    page.get_by_role("textbox", name="What you do about it").fill("Looking at the source")
    page.get_by_role("button", name="Look after it").click()
    expect(page.locator("#now")).to_contain_text("looks after it until")
    expect(page.locator("#timeline")).to_contain_text("Looking at the source")


def test_a_database_that_falls_is_one_red_on_the_open_page(page: Page, desk: Server) -> None:
    happen(desk, "contest:2", subject="Contest SUN", severity="critical")
    page.goto("/alerts")
    expect(page.locator("[data-module=live]")).to_contain_text("live")
    watch = Watch()
    with database_away(desk.app), desk.app.app_context():
        watch()
        expect(page.locator("#outage")).to_contain_text("Database does not answer")
        expect(page.locator("#list")).to_contain_text("muted by Database")
        expect(page.locator("#outage, #list .pill.bad").filter(visible=True)).to_have_count(1)
    with desk.app.app_context():
        watch()
    expect(page.locator("#outage")).to_have_count(0)
    expect(page.locator("#list .pill.bad").first).to_be_visible()


@pytest.mark.parametrize("path", ["/alerts", "/services", "/alerts/silences?service=contests"])
def test_the_pages_are_usable_by_everybody(page: Page, desk: Server, path: str) -> None:
    page.goto(path)
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 780})
    assert overflow(page) == 0
