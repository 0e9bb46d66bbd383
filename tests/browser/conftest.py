"""A served desk and a real Chromium. Every page opened here must stay free of errors and policy breaches."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, Protocol

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.core.extensions import db
from tests.browser.chromium import SWITCHES, Troubles, program
from tests.browser.engine import SYMBOLS, Engine
from tests.browser.serving import Server, free_port, on_port, served
from tests.conftest import app_for_tests, settings_for_tests
from tests.market.rows import token_row

Theme = Literal["light", "dark"]


class OpenPage(Protocol):
    def __call__(
        self, role: str | None = None, *, theme: Theme = "light", width: int = 1366, height: int = 768, js: bool = True
    ) -> Page: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(engine_home: Path, new_database: Callable[[], str]) -> Iterator[Server]:
    app = app_for_tests(on_port(settings_for_tests(engine_home, new_database()), free_port()))
    with served(app, whitelist_undo_s=600) as server:  # as long as a loaded machine takes to draw the next page
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = program()
    if found is None:
        pytest.skip("No Chromium is installed (apt-get install chromium), so no page was tried in a browser.")
    with sync_playwright() as playwright:
        expect.set_options(timeout=45_000)
        browser = playwright.chromium.launch(executable_path=found, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def troubles() -> Troubles:
    """What the pages of this test complained about; must be empty at its end. A test may empty it itself."""
    return Troubles()


@pytest.fixture
def open_page(chromium: Browser, server: Server, troubles: Troubles) -> Iterator[OpenPage]:
    """Opens a page of nobody, or of a fresh account of a role, at no address yet."""
    contexts = []

    def open_page(
        role: str | None = None, *, theme: Theme = "light", width: int = 1366, height: int = 768, js: bool = True
    ) -> Page:
        context = chromium.new_context(
            base_url=server.url, viewport={"width": width, "height": height}, color_scheme=theme,
            java_script_enabled=js, permissions=["clipboard-read", "clipboard-write"], reduced_motion="reduce",
        )  # fmt: skip
        contexts.append(context)
        troubles.watch(context)
        if role is not None:
            context.add_cookies([{"name": "sid", "value": server.cookie_of(role), "url": server.url}])
        page = context.new_page()
        page.set_default_timeout(45_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles.found == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def admin_page(open_page: OpenPage) -> Page:
    return open_page("admin")


@pytest.fixture
def support_page(open_page: OpenPage) -> Page:
    return open_page("support")


@pytest.fixture(scope="module")
def ids(market: Server) -> dict[str, int]:
    """Ids of the market's tokens, by symbol."""
    with market.app.app_context():
        ids = {symbol: token_row(db.session(), symbol).id for symbol in SYMBOLS}
        db.session.commit()
        db.session.remove()
    return ids


@pytest.fixture
def engine(market_valkey: str, ids: dict[str, int]) -> Iterator[Engine]:
    engine = Engine(market_valkey, ids)
    engine.tell(BONK="0.00002", JUP="0.8", SOL="142.3")
    yield engine
    engine.close()
