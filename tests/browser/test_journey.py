"""The whole journey of a contest at the desk: import, evaluate, resolve the tie, apply, prove it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from app.contests.jobs.evaluation import evaluate_due
from app.contests.jobs.importing import import_handed_in
from app.contests.verify import verify
from tests.browser.conftest import OpenPage
from tests.browser.desks import coded, furnish
from tests.browser.serving import Server
from tests.contests.bundles import tie_for_first
from tests.contests.handed import packed

Worker = Callable[[Callable[[], bool]], None]
HANDED_IN = re.compile(r"/contests/imports/\d+$")
LIVE = "[data-module=live]"
REASON = "The rules of the cup name the first to enter."


@pytest.fixture
def worker(server: Server) -> Worker:
    """Does one step of the worker, which must have found something to do."""

    def work(step: Callable[[], bool]) -> None:
        with server.app.app_context():
            assert step()

    return work


def bundle_file(folder: Path, code: str) -> Path:
    path = folder / "cup.json"
    path.write_bytes(packed(coded(tie_for_first(), code)))
    return path


def focused(page: Page) -> Locator:
    return page.locator("*:focus")


def press(page: Page, *keys: str) -> None:
    """Once the page's scripts run, which is before a person has read its heading."""
    expect(page.locator(LIVE)).to_contain_text("live")
    for key in keys:
        page.keyboard.press(key)


def test_by_keyboard(open_page: OpenPage, worker: Worker, tmp_path: Path) -> None:
    page = open_page("admin")
    page.goto("/")
    hand_in_and_import(page, worker, bundle_file(tmp_path, "KEYS"))
    evaluate(page, worker)
    order_the_tie_by_hand(page)
    apply(page)
    press(page, "v")
    expect(page.get_by_text(REASON).first).to_be_visible()
    press(page, "r")
    expect(page.get_by_text("Recomputed now: same.")).to_be_visible()
    with page.expect_download() as taken:
        press(page, "d")
    assert verify(taken.value.path().read_bytes()) is None


def hand_in_and_import(page: Page, worker: Worker, file: Path) -> None:
    press(page, "g", "c")
    expect(page).to_have_url("/contests")
    press(page, "i")
    page.locator("#bundle").set_input_files(file)
    page.locator("#bundle").focus()
    press(page, "Tab", "Enter")
    expect(page).to_have_url(HANDED_IN)
    worker(import_handed_in)
    page.get_by_role("button", name="Import", exact=True).focus()
    press(page, "Enter")
    expect(page.get_by_text("being imported")).to_be_visible()
    worker(import_handed_in)
    page.get_by_role("link", name="Open the contest").focus()
    press(page, "Enter")
    expect(page.locator("#contest-state")).to_contain_text("ended")


def evaluate(page: Page, worker: Worker) -> None:
    press(page, "e")
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    worker(evaluate_due)
    expect(page.get_by_role("heading", name="Cannot be applied yet")).to_be_visible()


def order_the_tie_by_hand(page: Page) -> None:
    press(page, "t")
    page.get_by_label("Place of").first.focus()
    for place in ("2", "1", "3"):
        page.keyboard.type(place)
        press(page, "Tab")
    page.locator("textarea[id^=order]").focus()
    page.keyboard.type(REASON)
    press(page, "Control+Enter")
    expect(page.get_by_text("Every tie is resolved.")).to_be_visible()


def apply(page: Page) -> None:
    press(page, "e")
    expect(page.get_by_text("Nothing stands in the way")).to_be_visible()
    press(page, "a")
    expect(page.locator("#apply-reason")).to_be_focused()
    page.keyboard.type("Looked at with Ben")
    press(page, "Control+Enter")
    expect(page.locator("#contest-state")).to_contain_text("final")


def test_without_javascript(open_page: OpenPage, worker: Worker, tmp_path: Path) -> None:
    page = open_page("admin", js=False, width=360)
    page.goto("/contests/import")
    page.locator("#bundle").set_input_files(bundle_file(tmp_path, "PLAIN"))
    page.get_by_role("button", name="Look at it").click()
    expect(page).to_have_url(HANDED_IN)
    worker(import_handed_in)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("being imported")).to_be_visible()
    worker(import_handed_in)
    page.get_by_role("link", name="Open the contest").click()
    page.get_by_role("button", name="Evaluate").click()
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    worker(evaluate_due)
    page.get_by_role("link", name="Resolve the tie").click()
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_role("link", name="Look at the draft and apply it").click()
    page.get_by_role("button", name="Apply draft v1").click()
    expect(page.locator("#contest-state")).to_contain_text("final")
    page.get_by_role("link", name="Evidence", exact=True).click()
    page.get_by_role("link", name="Recompute now").click()
    expect(page.get_by_text("Recomputed now: same.")).to_be_visible()


def test_two_admins_see_each_other_and_lose_no_words(open_page: OpenPage, server: Server) -> None:
    codes = furnish(server.app, "BOTH")
    slow, quick, watching = open_page("admin"), open_page("admin"), open_page("support")
    for page in (slow, quick):
        page.goto(f"/contests/{codes['TIED']}/ties")
        expect(page.locator(LIVE)).to_contain_text("live")
    watching.goto(f"/contests/{codes['TIED']}/ties")
    expect(watching.locator(LIVE)).to_contain_text("live")
    slow.locator("textarea[id^=share]").fill("Half a sentence")
    quick.get_by_role("button", name="Share", exact=True).click()
    expect(watching.locator(".tie h2")).to_contain_text("resolved: shared")
    expect(slow.get_by_text("This changed meanwhile.")).to_be_visible()
    slow.get_by_role("button", name="Share", exact=True).click()
    expect(slow.locator(".tie .notice")).to_contain_text("resolved the tie at rank 1")
    expect(slow.locator("textarea[id^=reopen]")).to_have_value("Half a sentence")


def test_lists_are_walked_by_keyboard(open_page: OpenPage, server: Server) -> None:
    furnish(server.app, "WALK")
    page = open_page("support")
    page.goto("/contests?q=WALK")
    press(page, "j", "j", "k", "j")
    expect(focused(page)).to_have_text(page.locator("tbody th a").nth(1).inner_text())
    press(page, "Enter")
    expect(page.locator(".rail")).to_be_visible()
    press(page, "b")
    expect(page).to_have_url("/contests?q=WALK")
    press(page, "/")
    page.keyboard.type("WALK is:tied")
    press(page, "Enter")
    expect(page.locator("tbody th a")).to_have_text(["WALK-TIED"])
