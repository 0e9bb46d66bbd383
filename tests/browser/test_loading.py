"""Third-party files: from the CDN while it answers with the right bytes, else from us."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app.core.assets.libraries import LIBRARIES
from app.core.assets.vendor import local_file
from tests.browser.serving import Server, free_port, on_port, served
from tests.conftest import app_for_tests, settings_for_tests

CDN = "https://cdn.jsdelivr.net/**"
HTMX = next(library for library in LIBRARIES if library.name == "htmx")


@pytest.fixture(scope="module")
def cdn_server(engine_home: Path, new_database: Callable[[], str]) -> Iterator[Server]:
    settings = on_port(settings_for_tests(engine_home, new_database()), free_port())
    with served(app_for_tests(replace(settings, assets="cdn"))) as server:
        yield server


@pytest.fixture
def page(chromium: Browser, cdn_server: Server) -> Iterator[Page]:
    context = chromium.new_context(base_url=cdn_server.url)
    yield context.new_page()
    context.close()


def htmx_came_from(page: Page) -> str:
    """The address of the htmx that runs on /patterns."""
    page.goto("/patterns")
    expect(page.locator("#evaluating")).not_to_contain_text("0 of 60", timeout=15_000)
    scripts = page.locator(f"script[src$='{HTMX.file}']")
    expect(scripts).to_have_count(1)
    return str(scripts.get_attribute("src"))


def test_the_cdn_serves_while_it_has_the_right_bytes(page: Page, cdn_server: Server) -> None:
    copies = {library.cdn: local_file(cdn_server.app.config["SETTINGS"], library.file) for library in LIBRARIES}
    cross_origin = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}

    def as_the_cdn(route: Route) -> None:
        path = copies[route.request.url]
        assert path is not None
        route.fulfill(body=path.read_bytes(), headers=cross_origin)

    page.route(CDN, as_the_cdn)
    assert htmx_came_from(page) == HTMX.cdn


def test_changed_bytes_are_refused_and_our_copy_runs(page: Page) -> None:
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}
    page.route(CDN, lambda route: route.fulfill(body="globalThis.stolen = true", headers=headers))
    assert htmx_came_from(page) == "/vendor/htmx.min.js"
    assert page.evaluate("globalThis.stolen") is None


def test_a_cdn_that_never_answers_is_given_up(page: Page) -> None:
    page.route(CDN, lambda _route: None)
    assert htmx_came_from(page) == "/vendor/htmx.min.js"


def test_a_failed_cdn_is_not_asked_again_in_this_tab(page: Page) -> None:
    page.route(CDN, lambda route: route.abort())
    htmx_came_from(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    htmx_came_from(page)
    assert [url for url in asked if "jsdelivr" in url] == []
