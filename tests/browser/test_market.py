"""The market's table in a real browser: it stands still when asked, and never shows an old price as a new one."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.core.extensions import db
from app.core.formats import compact, decimal, percent
from tests.browser.chromium import axe, overflow
from tests.browser.engine import SYMBOLS, Engine
from tests.browser.serving import Server
from tests.market.rows import token_row

DIGITS = """async (told) => {
  const { fixed, compact, change } = await import("/static/js/digits.js");
  return told.map(([text, places, bps]) => [fixed(text, places), compact(text), change(bps)]);
}"""


@pytest.fixture
def crowd(market: Server, engine: Engine) -> Iterator[list[str]]:
    """Symbols of more tokens than a screen shows; they stand behind the others."""
    with market.app.app_context():
        tokens = {f"T{number}": token_row(db.session(), f"T{number}") for number in range(100, 250)}
        engine.know({symbol: token.id for symbol, token in tokens.items()})
        db.session.commit()
        yield list(tokens)
        for token in tokens.values():
            db.session.delete(token)
        db.session.commit()
        db.session.remove()


@pytest.fixture
def visit(chromium: Browser, market: Server) -> Iterator[Callable[..., Page]]:
    contexts = []

    def visit(address: str = "/market?sort=token", **options: Any) -> Page:
        context = chromium.new_context(base_url=market.url, reduced_motion="reduce", **options)
        contexts.append(context)
        context.add_cookies([{"name": "sid", "value": market.cookie_of("support"), "url": market.url}])
        page = context.new_page()
        page.goto(address)
        return page

    yield visit
    for context in contexts:
        context.close()


def price(page: Page, symbol: str) -> Locator:
    return page.locator("tr[data-mint]", has=page.get_by_role("link", name=symbol, exact=True)).locator(".price b")


def symbols(page: Page) -> list[str]:
    return page.locator("tr[data-mint] th a").all_text_contents()


def live(page: Page, engine: Engine) -> Page:
    """The page, once a frame has reached it."""
    expect(page.locator("[data-module=live]")).to_have_text("●live")
    for attempt in range(100):
        engine.tell(JUP=f"0.9{attempt:02d}")
        if page.locator("#feed-state").text_content() == "●live":
            return page
        page.wait_for_timeout(100)
    raise AssertionError("No frame reached the page.")


def test_a_price_arrives_and_a_cut_line_makes_every_row_look_stale(visit: Any, engine: Engine) -> None:
    page = live(visit(), engine)
    engine.tell(SOL="143.25")
    expect(price(page, "SOL")).to_have_text("143.250")
    page.context.set_offline(True)
    expect(page.locator("tr.stale .age")).to_have_count(len(SYMBOLS), timeout=3000)
    expect(page.locator("tr.stale .age").first).to_have_text(re.compile(r"STALE since \d\d:\d\d:\d\d"))
    expect(page.locator("#feed-state")).to_contain_text("disconnected since")
    expect(price(page, "SOL")).to_have_text("143.250")
    expect(price(page, "SOL")).to_have_css("text-decoration-line", "line-through")


def test_a_feed_that_stops_says_so_in_other_words(visit: Any, engine: Engine) -> None:
    page = live(visit(), engine)
    expect(page.locator("#feed-state")).to_contain_text("feed stopped since")
    expect(page.locator("#feed-banner")).to_contain_text("No fresh price has come since then.")


def test_a_lost_frame_is_caught_up_with(visit: Any, engine: Engine) -> None:
    page = live(visit(), engine)
    engine.change(SOL="150")
    engine.tell(BONK="0.00003")
    expect(price(page, "BONK")).to_have_text("0.0000300000")
    expect(price(page, "SOL")).to_have_text("150.000")


def test_a_row_far_off_the_screen_is_written_when_it_comes_into_view(
    visit: Any, engine: Engine, crowd: list[str]
) -> None:
    page = live(visit(), engine)
    engine.tell(**dict.fromkeys(crowd, "7"))
    expect(price(page, crowd[0])).to_have_text("7.00000")
    assert price(page, crowd[-1]).text_content() == "—"
    page.locator("tr[data-mint]").last.scroll_into_view_if_needed()
    expect(price(page, crowd[-1])).to_have_text("7.00000")


def test_frozen_rows_stand_still_until_they_are_let_go(visit: Any, engine: Engine) -> None:
    page = live(visit(), engine)
    page.locator("h1").click()
    page.keyboard.press("Space")
    expect(page.locator("[data-part=holding]")).to_contain_text("Frozen at")
    before = price(page, "SOL").text_content()
    engine.tell(SOL="199")
    page.wait_for_timeout(500)
    expect(price(page, "SOL")).to_have_text(before or "")
    page.keyboard.press("Space")
    expect(price(page, "SOL")).to_have_text("199.000")


def test_a_pin_stands_first_and_outlives_a_reload(visit: Any, engine: Engine) -> None:
    page = live(visit(), engine)
    for _ in SYMBOLS:
        page.keyboard.press("j")
    page.keyboard.press("p")
    assert symbols(page) == ["SOL", "BONK", "JUP"]
    page.reload()
    expect(page.locator("tr.pinned th a")).to_have_text("SOL")
    assert symbols(page) == ["SOL", "BONK", "JUP"]


def test_without_scripts_the_values_are_there(visit: Any, engine: Engine) -> None:
    page = visit(java_script_enabled=False)
    expect(price(page, "SOL")).to_have_text("142.300")
    expect(page.get_by_role("button", name=re.compile("Pin"))).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_read_it(visit: Any, engine: Engine, theme: str) -> None:
    page = live(visit(color_scheme=theme, viewport={"width": 360, "height": 740}), engine)
    assert overflow(page) == 0
    assert axe(page) == []


def test_scripts_write_numbers_as_the_server_does(visit: Any, engine: Engine) -> None:
    told = [("142.3", 3, 0), ("0.00002131", 10, -1), ("999.96", 1, 99_999), ("18249113.5", 0, -345), ("9.995", 2, 5)]
    page = visit()
    expected = [[decimal(text, places), compact(text), _changed(bps)] for text, places, bps in told]
    assert page.evaluate(DIGITS, [list(one) for one in told]) == expected


def _changed(bps: int) -> str:
    glyph = "▲ " if bps > 0 else "▼ " if bps < 0 else ""
    return glyph + percent(bps, sign=True)
