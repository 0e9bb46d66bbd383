"""A part of a page whose fetch failed asks again by itself."""

import re

import pytest
from playwright.sync_api import Route, expect

from app.audit.rules import SYSTEM
from app.contests.service.notes import add_note
from app.core import live
from tests.browser.chromium import Troubles
from tests.browser.conftest import OpenPage
from tests.browser.deciding import opened
from tests.browser.desks import coded
from tests.browser.serving import Server
from tests.contests.bundles import clear_winner
from tests.contests.evaluating import imported


@pytest.mark.parametrize("answer", [{"status": 503}, None])
def test_after_one_answer_that_the_server_is_busy_or_none(
    open_page: OpenPage, server: Server, troubles: Troubles, answer: dict[str, int] | None
) -> None:
    """Meant to fail when a part waits for the next hint: there is none in this test."""
    code = f"AGAIN-{answer['status'] if answer else 0}"
    with server.app.app_context():
        imported(coded(clear_winner(), code))
    page = opened(open_page("support"), f"/contests/{code}")
    expect(page.locator(".pill.ok", has_text="live").first).to_be_visible()
    failed: list[str] = []

    def once(route: Route) -> None:
        if failed or "hx-request" not in route.request.headers:
            route.continue_()
            return
        failed.append(route.request.url)
        route.fulfill(status=answer["status"]) if answer else route.abort()

    page.route(re.compile(rf"/contests/{code}\b"), once)
    with server.app.app_context():
        add_note(code, words="Seen at last", by=SYSTEM)
        live.emit("contest.changed", {"code": code})
    expect(page.locator("#notes")).to_contain_text("Seen at last")
    assert len(failed) == 1
    troubles.found.clear()
