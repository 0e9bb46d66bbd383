"""Prices in a real browser: what a page knows is what the server knows, and a silence looks like one."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import Server
from tests.core.visiting import eventually
from tests.market.framing import Teller

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


@pytest.fixture
def teller(market_valkey: str) -> Iterator[Teller]:
    teller = Teller(market_valkey)
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
