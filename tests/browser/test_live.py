"""Hints of the server reach the pages that are open; a lost connection looks lost."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Route, expect

from app.core import live
from tests.browser.serving import Server, free_port, on_port, served
from tests.conftest import app_for_tests, settings_for_tests
from tests.core.visiting import eventually


def connection(page: Page) -> Locator:
    return page.locator("[data-module=live]")


def listen(page: Page, event: str) -> None:
    """From now on the title says what the last `event` was about."""
    page.evaluate(
        "event => document.body.addEventListener(event, e => { document.title = `${event} ${e.detail?.code}` })", event
    )


def hint(server: Server, event: str, code: str) -> None:
    with server.app.app_context():
        live.emit(event, {"code": code})


def test_a_hint_becomes_an_event_of_its_object(admin_page: Page, server: Server) -> None:
    admin_page.goto("/account")
    expect(connection(admin_page)).to_have_text("●live")
    listen(admin_page, "contest:changed:MOON-0311")
    assert eventually(lambda: becomes_the_title(admin_page, server))
    expect(admin_page).to_have_title("contest:changed:MOON-0311 MOON-0311")


def becomes_the_title(page: Page, server: Server) -> bool:
    hint(server, "contest.evaluated", "OTHER-1")
    hint(server, "contest.evaluated", "MOON-0311")
    return page.title().startswith("contest:changed")


def test_a_hint_during_a_fetch_is_not_lost(admin_page: Page, server: Server) -> None:
    held: list[Route] = []
    admin_page.goto("/contests")
    expect(connection(admin_page)).to_have_text("●live")
    admin_page.route("**/contests?", lambda route: held.append(route) if len(held) < 1 else route.continue_())
    assert eventually(lambda: is_asked(admin_page, server, held))
    listen(admin_page, "contest:changed:SECOND")
    hint(server, "contest.evaluated", "SECOND")
    expect(admin_page).to_have_title("contest:changed:SECOND SECOND")
    with admin_page.expect_request("**/contests?"):
        held[0].continue_()


def is_asked(page: Page, server: Server, held: list[Route]) -> bool:
    hint(server, "contest.evaluated", "FIRST")
    page.wait_for_timeout(100)  # lets the browser's news in
    return bool(held)


def test_a_lost_connection_says_since_when_and_asks_again_once_it_is_back(
    chromium: Browser, engine_home: Path, new_database: Callable[[], str]
) -> None:
    app = app_for_tests(on_port(settings_for_tests(engine_home, new_database()), free_port()))
    context = chromium.new_context()
    page = context.new_page()
    with served(app) as server:
        context.add_cookies([{"name": "sid", "value": server.cookie_of("admin"), "url": server.url}])
        page.goto(f"{server.url}/account")
        expect(connection(page)).to_have_text("●live")
        listen(page, "missed")
    expect(connection(page)).to_have_text(re.compile(r"not live since \d\d:\d\d:\d\d"))
    with served(app):
        expect(connection(page)).to_have_text("●live", timeout=30_000)
        expect(page).to_have_title(re.compile("missed"))
    context.close()
