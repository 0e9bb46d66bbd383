"""Webhooks and contest templates in a real browser: typed, shown, and readable on a telephone."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.core.extensions import db
from tests.browser.chromium import axe, overflow
from tests.browser.conftest import OpenPage, Theme
from tests.browser.serving import Server
from tests.contests.scheduled import planned


def add_endpoint(page: Page, name: str) -> None:
    page.goto("/webhooks")
    if not page.get_by_label("Who listens").is_visible():
        page.locator("summary", has_text="Tell another program").click()
    page.get_by_label("Who listens").fill(name)
    page.get_by_label("Address").fill("https://example.org/hooks/duel")
    page.get_by_label("Events").select_option(["contest.final", "contest.paid"])
    page.get_by_role("button", name="Add the endpoint").click()
    expect(page.get_by_label("Secret", exact=True)).to_have_value(re_secret())


def re_secret() -> "re.Pattern[str]":
    return re.compile(r"whsec_[A-Za-z0-9+/=]{44}")


@pytest.mark.parametrize(("theme", "width"), [("light", 1366), ("dark", 360)])
def test_an_endpoint_is_added_and_tested(open_page: OpenPage, theme: Theme, width: int) -> None:
    page = open_page("admin", theme=theme, width=width)
    add_endpoint(page, f"System {theme}")
    assert (axe(page), overflow(page)) == ([], 0)
    page.get_by_role("row", name=f"System {theme}").get_by_role("button", name="Send a test").first.click()
    expect(page.locator("#deliveries")).to_contain_text("webhook.tested")


def test_a_template_shows_its_starts_everywhere(open_page: OpenPage, server: Server) -> None:
    with server.app.app_context():
        number = planned(db.session())
    looks: tuple[tuple[Theme, int], ...] = (("light", 360), ("dark", 1366))
    for theme, width in looks:
        page = open_page("admin", theme=theme, width=width)
        for address in ("/contests/templates", f"/contests/templates/{number}"):
            page.goto(address)
            assert (axe(page), overflow(page)) == ([], 0)
