"""Screens on a wall in a real browser: whatever breaks, what stands there is right or looks old."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.alerts.service import announce_maintenance, end_maintenance, raise_alert, resolve_alert
from app.audit.rules import SYSTEM
from app.core.extensions import db
from app.wall.queries.screens import fleet
from app.wall.rules.boards import Setting
from app.wall.service.screens import change_screen, revoke_screen
from tests.browser.engine import Engine
from tests.browser.hung import CUT, decayed, expect_state, link_of_screen, live
from tests.browser.serving import Server
from tests.wall.hanging import SETTING

# Before its scripts run, the page is told that a critical alert stays for 3 s and not for a minute.
SOONER = """document.addEventListener("readystatechange", () => {
  if (document.body.dataset.staysS === "60") document.body.dataset.staysS = "3";
})"""
Hang = Callable[..., Page]


@pytest.fixture
def hang(chromium: Browser, market: Server, request: pytest.FixtureRequest) -> Iterator[Hang]:
    """Opens a fresh screen of the name of the test."""
    contexts = []

    def hang(width: int = 1920, height: int = 1080, **setting: Any) -> Page:
        context = chromium.new_context(base_url=market.url, viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(45_000)
        name = f"{request.node.name[-30:]} {len(contexts)}"
        page.goto(f"/wall/{link_of_screen(market.app, name, **setting)}")
        return page

    yield hang
    for context in contexts:
        context.close()


@pytest.fixture
def critical(market: Server) -> Iterator[Callable[[], None]]:
    """Raises a critical alert, which ends with the test."""

    def raised() -> None:
        with market.app.app_context():
            told = {"subject": "Books", "what": "Books differ by 7 lamports", "next_step": "Look at the freeze"}
            raise_alert("wall-test", severity="critical", **told, by=SYSTEM)
            db.session.remove()

    yield raised
    with market.app.app_context():
        resolve_alert("wall-test")
        db.session.remove()


def of(page: Page, symbol: str) -> Any:
    return page.locator("tr[data-token]", has=page.get_by_role("rowheader", name=symbol, exact=True))


def number_of(market: Server, page: Page) -> int:
    with market.app.app_context():
        found = next(one.id for one in fleet() if one.name == page.locator("h1").text_content())
        db.session.remove()
    return found


@pytest.mark.parametrize("board", ["market", "alerts", "contest", "health"])
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160), (1080, 1920)])
def test_nothing_is_cut_and_nothing_scrolls(hang: Hang, engine: Engine, width: int, height: int, board: str) -> None:
    upright = "portrait" if height > width else "landscape"
    page = live(hang(width, height, boards=[board], orientation=upright), engine)
    assert page.evaluate(CUT) == []
    assert page.evaluate("getComputedStyle(document.documentElement).cursor") == "none"


def test_prices_arrive_and_a_cut_feed_looks_stale_alone(hang: Hang, engine: Engine) -> None:
    page = live(hang(), engine)
    engine.tell(SOL="143.25")
    expect(of(page, "SOL").locator(".price")).to_have_text("143.250")
    expect_state(page, "lagging")
    expect_state(page, "stale")
    opacity, words = decayed(page, "prices")
    assert (opacity, bool(re.match(r"STALE since \d\d:\d\d:\d\d", words))) == (1, True)
    assert decayed(page, "worst")[0] == 0
    expect(of(page, "SOL").locator(".said")).to_have_text(re.compile(r"STALE since \d\d:\d\d:\d\d"))
    expect(of(page, "SOL").locator(".price")).to_have_text("143.250")
    live(page, engine)
    assert decayed(page, "prices")[0] == 0


def test_a_frame_that_comes_late_or_twice_renews_nothing(hang: Hang, engine: Engine) -> None:
    page = live(hang(), engine)
    old = engine.change(SOL="150")
    page.wait_for_timeout(5_500)
    engine.publish(old)
    expect(of(page, "SOL").locator(".price")).to_have_text("150.000")
    expect_state(page, "stale")
    assert decayed(page, "prices")[0] == 1


def test_a_cut_network_is_told_across_the_picture_and_heals(hang: Hang) -> None:
    page = live(hang(boards=["alerts"]))
    page.context.set_offline(True)
    expect_state(page, "disconnected")
    expect(page.locator("#banner strong")).to_have_text(re.compile(r"DISCONNECTED for \d+ s"))
    expect(page.locator("#banner span").last).to_have_text(re.compile(r"next try in \d+ s|trying now"))
    expect(page.locator("#part-alerts .quiet")).to_be_visible()
    assert decayed(page, "alerts")[0] == 1
    page.context.set_offline(False)
    expect_state(page, "live", within_ms=45_000)
    assert decayed(page, "alerts")[0] == 0


def test_a_script_that_hangs_goes_stale_by_itself(hang: Hang) -> None:
    page = live(hang(boards=["alerts"]))
    page.evaluate("() => { for (let id = setTimeout(() => {}); id > 0; id -= 1) { clearInterval(id); } }")
    page.evaluate("""() => {
      const main = document.querySelector('script[type="module"]').src;
      import(new URL("socket.js", main).href).then(({ socket }) => socket()).then((line) => line.off("pulse"));
    }""")
    page.wait_for_function(f"() => ({decayed_js('alerts')}) === 1")
    expect(page.locator("body")).to_have_attribute("data-state", "live")


def decayed_js(part: str) -> str:
    return f"Number(getComputedStyle(document.querySelector('[data-part={part}] > .decay'), '::after').opacity)"


def test_a_critical_alert_takes_the_screen_and_stays_a_while(hang: Hang, critical: Any, market: Server) -> None:
    page = hang(boards=["health"])
    page.add_init_script(SOONER)
    page.reload()
    live(page)
    critical()
    expect(page.locator("#part-alerts .is-critical .what")).to_contain_text("Books differ by 7")
    with market.app.app_context():
        resolve_alert("wall-test")
        db.session.remove()
    expect(page.locator("#part-alerts .quiet")).to_be_visible()
    expect(page.locator("#part-health")).to_be_visible()


def test_announced_work_is_told_across_the_picture(hang: Hang, market: Server) -> None:
    page = live(hang(boards=["alerts"]))
    with market.app.app_context():
        number = announce_maintenance(["contests"], starts_at=None, minutes=30, reason="A new disk", by=SYSTEM)
        db.session.remove()
    expect_state(page, "maintenance")
    expect(page.locator("#banner strong")).to_have_text("MAINTENANCE")
    expect(page.locator("#banner span").last).to_have_text(re.compile(r"Contests until \d\d:\d\d UTC: A new disk"))
    with market.app.app_context():
        end_maintenance(number, by=SYSTEM)
        db.session.remove()
    expect_state(page, "live")
    expect(page.locator("#banner")).to_be_hidden()


def test_boards_take_turns_and_keys_turn_them(hang: Hang) -> None:
    page = live(hang(boards=["alerts", "health"]))
    page.keyboard.press("ArrowRight")
    expect(page.locator("#board")).to_have_attribute("data-board", "health")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#board")).to_have_attribute("data-board", "alerts")


def test_a_revoked_screen_shows_words_within_a_second(hang: Hang, market: Server) -> None:
    page = live(hang(boards=["alerts"]))
    number = number_of(market, page)
    with market.app.app_context():
        revoke_screen(number, by=SYSTEM)
        db.session.remove()
    expect(page.locator("#banner")).to_have_text(re.compile(r"This screen was revoked. Ask ops"))
    expect(page.locator(".picture")).to_be_hidden()
    assert page.locator("form, input, a").count() == 0


def test_a_screen_that_was_set_otherwise_takes_it_over(hang: Hang, market: Server) -> None:
    page = live(hang(boards=["alerts"]))
    name, number = page.locator("h1").text_content() or "", number_of(market, page)
    with market.app.app_context():
        change_screen(number, Setting(**{**vars(SETTING), "name": name, "boards": ["health"]}), by=SYSTEM)
        db.session.remove()
    expect(page.locator("#banner")).to_contain_text("reloads in")
    expect(page.locator("#board")).to_have_attribute("data-board", "health", timeout=30_000)
    live(page)


def test_a_screen_tells_of_itself(hang: Hang, market: Server) -> None:
    page = live(hang(boards=["alerts"]))
    number = number_of(market, page)
    page.wait_for_timeout(10_500)
    with market.app.app_context():
        told = next(one for one in fleet() if one.id == number)
        db.session.remove()
    assert (told.state, told.board, told.width, told.height) == ("live", "alerts", 1920, 1080)
    assert (told.fps or 0) > 0
    assert told.version == page.locator("body").get_attribute("data-build")
    assert told.lag_ms is not None
    assert told.lag_ms < 2_000


def test_the_word_on_the_screen_is_the_one_beside_it(hang: Hang, market: Server) -> None:
    page = live(hang(boards=["alerts"]))
    beside = page.context.new_page()
    beside.goto(f"/screens/{number_of(market, page)}/word")
    words = {beside.locator("#now").text_content(), beside.locator("#before").text_content()}
    assert page.locator("#word").text_content() in words
