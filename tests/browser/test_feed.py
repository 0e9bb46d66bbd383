"""Prices in a real browser: what a page knows is what the server knows, and a silence looks like one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import Server, free_port, on_port, served
from tests.conftest import app_for_tests, settings_for_tests
from tests.core.visiting import eventually
from tests.market.framing import Teller, own_valkey

SHOW = """async () => {
  const { subscribe } = await import("/static/js/feed.js");
  globalThis.known = new Map();
  globalThis.states = [];
  const learn = (frame) => frame.rows.forEach((row) => known.set(row[0], row[1]));
  await subscribe("market", {
    snapshot: (frame) => { known.clear(); learn(frame); }, rows: learn,
    state: (name) => { states.push(name); document.title = name; },
  });
}"""
KNOWN = "() => Object.fromEntries(known)"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("valkey")
    home.chmod(0o755)
    with own_valkey(home) as address:
        yield address


@pytest.fixture(scope="module")
def market(address: str, engine_home: Path, new_database: Callable[[], str]) -> Iterator[Server]:
    settings = on_port(settings_for_tests(engine_home, new_database()), free_port())
    with served(app_for_tests(replace(settings, redis_url=address))) as server:
        yield server


@pytest.fixture
def teller(address: str) -> Iterator[Teller]:
    teller = Teller(address)
    teller.snapshot()
    yield teller
    teller.close()


@pytest.fixture
def page(chromium: Browser, market: Server, teller: Teller) -> Iterator[Page]:
    context = chromium.new_context(base_url=market.url)
    context.add_cookies([{"name": "sid", "value": market.cookie_of("support"), "url": market.url}])
    page = context.new_page()
    page.goto("/account")
    page.evaluate(SHOW)
    assert eventually(lambda: teller.is_heard_by(1))
    yield page
    context.close()


def test_a_page_follows_decays_and_finds_back(page: Page, teller: Teller) -> None:
    teller.tell(1, 2)
    teller.snapshot()
    expect(page).to_have_title("live")
    expect(page).to_have_title("stale")
    assert page.evaluate("() => states.slice(-3)") == ["live", "lagging", "stale"]
    teller.frame(3, 4)  # a frame that gets lost
    teller.snapshot()
    teller.tell(5)
    expect(page).to_have_title("live")
    assert eventually(lambda: page.evaluate(KNOWN) == {str(key): row[1] for key, row in teller.rows.items()})
    page.context.set_offline(True)
    page.evaluate("async () => (await (await import('/static/js/socket.js')).socket()).io.engine.close()")
    expect(page).to_have_title("disconnected")
    teller.tell(6)
    page.context.set_offline(False)
    assert eventually(lambda: page.evaluate(KNOWN) == {str(key): row[1] for key, row in teller.rows.items()})
    expect(page).to_have_title("stale")  # nothing new came, and what it caught up with is old
    teller.tell(7)
    expect(page).to_have_title("live")
