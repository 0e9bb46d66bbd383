"""Eight hours of frames at full rate through a screen, as fast as it takes them: it must not grow."""

import os

import pytest
from playwright.sync_api import Browser, CDPSession

from app.core.extensions import db
from tests.browser.engine import Engine
from tests.browser.hung import link_of_screen, live
from tests.browser.serving import Server
from tests.market.rows import token_row

LONG = "LONG" in os.environ
HOURS = 8.0 if LONG else 0.05
FRAMES_S, ROWS, AT_ONCE = 10, 100, 50
MOST_GROWTH = 20e6
# As if they came over the socket: every listener of its line hears each frame, and a pulse with every tenth.
SOAK = """async ([count, rows, atOnce, ids]) => {
  const main = document.querySelector('script[type="module"]').src;
  const { socket } = await import(new URL("socket.js", main).href);
  const line = await socket();
  const say = (event, facts) => line.listeners(event).forEach((hear) => hear(facts));
  const first = await new Promise((resolve) => line.once("pulse", resolve));
  const soaked = (window.soaked ??= { seq: 0, at: first.at, beats: first.seq, epoch: first.epoch + 1e9 });
  const { epoch } = soaked;
  for (let done = 0; done < count; done += atOnce) {
    for (let one = 0; one < atOnce; one += 1) {
      soaked.seq += 1;
      soaked.at += 100;
      const told = Array.from({ length: rows }, (_, place) => {
        const price = String(100 + ((soaked.seq * 7 + place) % 1000) / 10);
        const bps = soaked.seq % 900;
        return [ids[place] ?? 1e6 + place, price, soaked.at, 12, -345, bps, "1000", price, price, 3, 4, null];
      });
      const whole = soaked.seq === 1;
      say("frame", { stream: "market", epoch, seq: soaked.seq, at: soaked.at, oldest: null, rows: told, whole });
      if (soaked.seq % 10) continue;
      const parts = soaked.seq % 600 ? first.parts : { ...first.parts, contests: `other-${soaked.seq}` };
      soaked.beats += 1000;
      say("pulse", { ...first, seq: soaked.beats, at: soaked.at, parts });
    }
    await new Promise(requestAnimationFrame);
  }
  return [soaked.seq, document.body.dataset.state];
}"""


@pytest.fixture
def ids(market: Server) -> list[int]:
    with market.app.app_context():
        tokens = [token_row(db.session(), f"SOAK{number}").id for number in range(11)]
        db.session.commit()
        db.session.remove()
    return tokens


def heap_and_nodes(devtools: CDPSession) -> tuple[float, int]:
    devtools.send("HeapProfiler.collectGarbage")
    counted = devtools.send("Memory.getDOMCounters")
    return devtools.send("Runtime.getHeapUsage")["usedSize"], counted["nodes"]


def test_a_screen_does_not_grow(chromium: Browser, market: Server, market_valkey: str, ids: list[int]) -> None:
    engine = Engine(market_valkey, {"SOL": ids[0]})
    page = chromium.new_page(base_url=market.url, viewport={"width": 1920, "height": 1080})
    page.set_default_timeout(1_200_000)
    page.goto(f"/wall/{link_of_screen(market.app, 'Soak', boards=['market'])}")
    live(page, engine)
    devtools = page.context.new_cdp_session(page)
    frames = int(HOURS * 3600 * FRAMES_S)
    page.evaluate(SOAK, [frames // 20, ROWS, AT_ONCE, ids])
    heap, nodes = heap_and_nodes(devtools)
    told, state = page.evaluate(SOAK, [frames, ROWS, AT_ONCE, ids])
    heap_after, nodes_after = heap_and_nodes(devtools)
    print(f"{told:,} frames of {ROWS} rows: heap {heap / 1e6:.1f} → {heap_after / 1e6:.1f} MB,", end=" ")
    print(f"{nodes} → {nodes_after} nodes")
    assert heap_after - heap < MOST_GROWTH
    assert nodes_after <= nodes * 1.1
    assert state == "live"
    page.context.close()
    engine.close()
