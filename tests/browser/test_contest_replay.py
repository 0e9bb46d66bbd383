"""The replay of an end in a browser: scrubbed with scripts, walked by links without."""

import re

from playwright.sync_api import expect

from tests.browser.chromium import axe, overflow
from tests.browser.conftest import OpenPage
from tests.browser.desks import coded
from tests.browser.serving import Server
from tests.contests.bundles import clear_winner
from tests.contests.evaluating import evaluated


def test_the_scrubber_shows_each_frame_at_its_address(open_page: OpenPage, server: Server) -> None:
    with server.app.app_context():
        evaluated(coded(clear_winner(), "REPLAYED"))
    page = open_page("support", theme="dark")
    page.goto("/contests/REPLAYED/replay")
    expect(page.locator("#replay-ranks .main-svg").first).to_be_visible()
    page.locator("#replay-at").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#replay-standing")).to_contain_text("10 s before the end")
    expect(page).to_have_url(re.compile("at=-10"))
    assert (axe(page), overflow(page)) == ([], 0)


def test_without_scripts_links_lead_from_frame_to_frame(open_page: OpenPage, server: Server) -> None:
    with server.app.app_context():
        evaluated(coded(clear_winner(), "WALKED"))
    page = open_page("support", js=False, width=360)
    page.goto("/contests/WALKED/replay")
    page.get_by_role("link", name="1 min back").click()
    expect(page.locator("#replay-standing")).to_contain_text("1 min before the end")
    assert overflow(page) == 0
