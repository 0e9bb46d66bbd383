"""Importing a contest in a real browser: from the file to the contest."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from app.contests.jobs.importing import import_handed_in
from app.core.extensions import db
from tests.browser.chromium import axe, overflow
from tests.browser.conftest import OpenPage, Theme
from tests.browser.serving import Server
from tests.contests.bundles import ANN, bundle, trade


def file_of(folder: Path, **changes: object) -> tuple[Path, str]:
    """A bundle of its own code, and that code."""
    code = f"WEB-{uuid4().hex[:8]}"
    path = folder / f"{code}.json"
    path.write_text(json.dumps(bundle(code=code, **changes)))
    return path, code


def work(server: Server) -> None:
    """What the worker does when it comes by."""
    with server.app.app_context():
        assert import_handed_in()
        db.session.remove()


def hand_in(page: Page, path: Path) -> None:
    page.goto("/contests/import")
    page.get_by_label("Contest bundle", exact=True).set_input_files(path)
    page.get_by_role("button", name="Look at it").press("Enter")
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()


def test_from_the_file_to_the_contest(admin_page: Page, server: Server, tmp_path: Path) -> None:
    path, code = file_of(tmp_path)
    hand_in(admin_page, path)
    work(server)
    admin_page.get_by_role("button", name="Import", exact=True).press("Enter")
    expect(admin_page.get_by_text("All of it is written, or nothing.")).to_be_visible()
    work(server)
    admin_page.get_by_role("link", name="Open the contest").press("Enter")
    expect(admin_page).to_have_url(f"{server.url}/contests/{code}")


def test_without_javascript(open_page: OpenPage, server: Server, tmp_path: Path) -> None:
    page = open_page("admin", js=False)
    path, code = file_of(tmp_path)
    hand_in(page, path)
    work(server)
    page.get_by_role("button", name="Import", exact=True).click()
    work(server)
    page.get_by_role("link", name="Open the contest").click()
    expect(page).to_have_url(f"{server.url}/contests/{code}")


@pytest.mark.parametrize(("theme", "width"), [("light", 1366), ("dark", 320)])
def test_everybody_can_use_it(open_page: OpenPage, server: Server, tmp_path: Path, theme: Theme, width: int) -> None:
    page = open_page("admin", theme=theme, width=width)
    hand_in(page, file_of(tmp_path)[0])
    assert axe(page) == []
    work(server)
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_visible()
    assert (axe(page), overflow(page)) == ([], 0)
    hand_in(page, file_of(tmp_path, trades=[trade(ANN, "sell", "3", "90")])[0])
    work(server)
    expect(page.locator(".notice.bad")).to_contain_text("sells 3 SOL, holds 0")
    assert (axe(page), overflow(page)) == ([], 0)
