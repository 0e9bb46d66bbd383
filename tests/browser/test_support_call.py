"""A support agent on the phone: why is there no reward? Search, person, explain."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import axe, overflow
from tests.browser.conftest import OpenPage
from tests.browser.referrals import week
from tests.browser.serving import Server

PAGES = ("/search?q=x", "/referrals", "/referrals/periods", "/referrals/campaigns", "/referrals/payouts")


def ready(page: Page) -> None:
    expect(page.locator("html[data-shortcuts=ready]")).to_be_attached()


def test_why_no_reward_is_answered_by_search_person_and_explain(support_page: Page, server: Server) -> None:
    found, page = week(server, "velvet"), support_page
    page.goto("/contests")
    ready(page)
    page.keyboard.press("Control+k")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type(f"{found.wallet[:5]}…{found.wallet[-4:]}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{server.url}/people/{found.wallet}")
    page.get_by_role("link", name="Referrals", exact=True).last.click()
    line = page.locator("#timeline li", has_text="rapid-lynx")
    line.get_by_text("Explain").click()
    line.get_by_role("button", name="Copy the sentence").click()
    said = page.evaluate("navigator.clipboard.readText()")
    assert "rapid-lynx" in said
    assert "Does not count yet." in said
    assert "Somebody still has to look at this: same device." in said


def test_a_reward_that_waits_says_until_when_without_scripts(open_page: OpenPage, server: Server) -> None:
    found, page = week(server, "cosmic"), open_page("support", js=False, width=360, height=800)
    page.goto("/")
    page.locator("#find").fill(found.code)
    page.locator("#find").press("Enter")
    page.goto(f"{page.url}?q=is:reward")
    page.get_by_text("Explain").click()
    expect(page.locator(".explained p")).to_contain_text("0.05 SOL because quiet-otter")
    expect(page.locator(".explained p")).to_contain_text("held until")
    assert overflow(page) == 0


@pytest.mark.parametrize(("theme", "width"), [("light", 1366), ("dark", 360)])
def test_the_pages_have_no_fault_and_fit(open_page: OpenPage, server: Server, theme: str, width: int) -> None:
    found = week(server, f"golden{width}")
    page = open_page("support", theme="dark" if theme == "dark" else "light", width=width, height=768)
    for address in (f"/people/{found.wallet}", *PAGES):
        page.goto(address)
        ready(page)
        assert (axe(page), overflow(page)) == ([], 0), address
