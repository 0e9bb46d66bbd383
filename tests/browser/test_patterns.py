"""Every component in every state: readable by everyone, in both themes, at every width."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import axe, overflow
from tests.browser.conftest import OpenPage, Theme

PAGES = ("/patterns", "/patterns/charts", "/patterns/trouble", "/patterns/error/404")


def drawn(page: Page, path: str) -> Page:
    page.goto(path)
    if path == "/patterns/charts":
        page.wait_for_selector(".plot .main-svg")
    return page


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(open_page: OpenPage, theme: Theme, path: str) -> None:
    assert axe(drawn(open_page(theme=theme), path)) == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [320, 768, 1366])
def test_pages_never_scroll_sideways(open_page: OpenPage, path: str, width: int) -> None:
    assert overflow(drawn(open_page(width=width), path)) == 0


def test_a_small_screen_passes_axe_too(open_page: OpenPage) -> None:
    assert axe(drawn(open_page(width=360), "/patterns")) == []


def test_without_javascript_everything_is_there(open_page: OpenPage) -> None:
    page = open_page(js=False, width=360)
    page.goto("/patterns/charts")
    expect(page.get_by_text("The same as a table, 20 rows")).to_be_visible()
    page.get_by_text("Menu").click()
    expect(page.get_by_role("link", name="Contests 3 need a person")).to_be_visible()


def test_a_chart_keeps_to_the_content_policy_and_follows_the_theme(page: Page) -> None:
    drawn(page, "/patterns/charts")
    line = page.locator(".plot .js-line").first
    before = line.evaluate("line => getComputedStyle(line).stroke")
    page.get_by_role("button", name="Dark colours").click()
    expect(line).not_to_have_css("stroke", before)
    assert page.locator(".plot .main-svg").first.evaluate("svg => getComputedStyle(svg).position") == "absolute"
