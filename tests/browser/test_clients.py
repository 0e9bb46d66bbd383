"""API clients and the pages of the API in a real browser: a key is made, replaced and revoked; all is readable."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import axe, overflow
from tests.browser.conftest import OpenPage, Theme

LOOKS = [("light", 1366), ("dark", 360)]
KEY = re.compile(r"dd_[0-9a-f]{8}_[\w-]{43}")


def make_key(page: Page, name: str) -> None:
    page.goto("/settings/clients")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Scopes").select_option(["market:prices:write", "market:prices:read"])
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_label("Key", exact=True)).to_have_value(KEY)


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_a_key_is_made_replaced_and_revoked(open_page: OpenPage, theme: Theme, width: int) -> None:
    page = open_page("admin", theme=theme, width=width)
    make_key(page, f"sync-{theme}")
    row = page.get_by_role("row", name=f"sync-{theme}")
    row.get_by_text("New key…").click()
    row.get_by_role("button", name="Make a new key").click()
    expect(page.get_by_label("Key", exact=True)).to_have_value(KEY)
    expect(row).to_contain_text("old key until")
    assert (axe(page), overflow(page)) == ([], 0)
    row.get_by_text("Revoke…").click()
    row.get_by_label("Reason").fill("Replaced by another")
    row.get_by_role("button", name="Revoke sync").click()
    expect(page.get_by_role("row", name=f"sync-{theme}")).to_contain_text("revoked")


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_the_api_is_readable(open_page: OpenPage, theme: Theme, width: int) -> None:
    page = open_page("admin", theme=theme, width=width)
    page.goto("/api/docs")
    assert (axe(page), overflow(page)) == ([], 0)
    page.get_by_role("link", name="POST /api/v1/contests", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("JSON API: contests")
    assert (axe(page), overflow(page)) == ([], 0)
