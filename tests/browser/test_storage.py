"""What stays in a browser: nothing of anybody."""

from playwright.sync_api import Page

from tests.browser.desks import furnish
from tests.browser.serving import Server

HARMLESS = {"cdn-failed", "theme", "shortcuts", "market.pins", "htmx-current-path-for-history"}
"""Choices about the page itself, kept for the next one, and the path of the page one is on, gone with the tab."""


def test_nothing_of_anybody_stays_in_the_browser(admin_page: Page, server: Server) -> None:
    furnish(server.app, "KEPT")
    for address in ("/", "/contests", "/contests/KEPT-WAITS", "/staff", "/account", "/audit", "/market"):
        admin_page.goto(address)
    kept = admin_page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert {name.split("-")[0] for name in kept} <= {name.split("-")[0] for name in HARMLESS}, kept
