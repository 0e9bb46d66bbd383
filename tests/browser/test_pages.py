"""Every page of the desk: readable by everyone in both themes, at every width, within the content policy."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import axe, overflow
from tests.browser.conftest import OpenPage, Theme
from tests.browser.desks import furnish
from tests.browser.serving import Server

OF_A_CONTEST = [
    "WAITS", "WAITS/evaluate", "TIED", "TIED/evaluate", "TIED/ties", "TIED/evidence", "STALE", "STALE/evaluate", "VOID",
    "AGAIN/evaluate", "FINAL", "FINAL/evaluate", "FINAL/evidence",
]  # fmt: skip
PAGES = ["/", "/contests", "/contests?q=is:nothing", "/contests/import", "/staff", "/audit", "/account"]
PAGES += [f"/contests/DESK-{page}" for page in OF_A_CONTEST]


@pytest.fixture(scope="module", autouse=True)
def desk(server: Server) -> None:
    furnish(server.app, "DESK")


def shown(page: Page, path: str) -> Page:
    page.goto(path)
    if path.endswith("/evidence"):
        page.wait_for_selector(".plot .main-svg")
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(open_page: OpenPage, theme: Theme) -> None:
    page = open_page("admin", theme=theme)
    assert {path: faults for path in PAGES if (faults := axe(shown(page, path)))} == {}


def test_axe_finds_nothing_where_support_may_not_act(open_page: OpenPage) -> None:
    page = open_page("support")
    paths = ["/", *(f"/contests/DESK-{one}" for one in ("WAITS", "TIED/ties", "AGAIN/evaluate"))]
    assert {path: faults for path in paths if (faults := axe(shown(page, path)))} == {}


def test_a_page_with_faults_in_its_form_passes_too(open_page: OpenPage) -> None:
    page = open_page("admin")
    page.goto("/contests/DESK-TIED/ties")
    page.get_by_role("button", name="Order by hand").click()
    expect(page.locator("p.error").first).to_contain_text("a place of its own from 1 to 3")
    assert axe(page) == []


@pytest.mark.parametrize("width", [320, 360, 768, 1366])
def test_pages_never_scroll_sideways(open_page: OpenPage, width: int) -> None:
    page = open_page("admin", width=width)
    assert {path: wider for path in PAGES if (wider := overflow(shown(page, path)))} == {}


def test_the_entry_page_passes_as_well(open_page: OpenPage) -> None:
    page = open_page("support", width=360)
    page.goto("/contests/DESK-TIED")
    page.locator("#standings tbody a").first.click()
    expect(page.get_by_text("adds up to the score of the standings")).to_be_visible()
    assert (axe(page), overflow(page)) == ([], 0)
