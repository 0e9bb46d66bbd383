"""From a tick's acceptance to its price painted in Chromium: the platform's busiest feed, with pages served beside it.

Three sources price a thousand tokens ten times a second. Every part is a process of its own, as in production.
"""

import argparse
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path

import httpx
import psutil
from flask import Flask
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import text

from app.audit.rules import SYSTEM
from app.core.database import take_time
from app.core.extensions import db, valkey
from app.core.keys import new_token
from app.core.turns.in_valkey import KNOWS_SINCE
from app.staff import service
from bench.kit.crowd import TOKEN
from bench.kit.instance import instance, superuser
from bench.kit.rounds import machine
from tests.browser.chromium import SWITCHES, program

ROOT = Path(__file__).resolve().parent.parent
MOST_P50_MS, MOST_P99_MS, MOST_GROWTH = 60, 100, 1.10
WARM_S = 75.0
"""Until the market process has its minute of prices, so that memory that grows after this is not that."""
# Both clocks are this machine's: Valkey stamped the tick, the page says when its frame was painted.
WATCH = """async () => {
  const main = document.querySelector('script[type="module"]').src;
  const { subscribe } = await import(new URL("feed.js", main).href);
  window.lags = [];
  const note = ({ oldest }) => oldest && requestAnimationFrame(
    () => setTimeout(() => window.lags.push(performance.timeOrigin + performance.now() - oldest / 1000)));
  await subscribe("market", { snapshot() {}, rows: note, state() {} });
}"""


def main() -> int:
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--seconds", type=int, default=60)
    wishes.add_argument("--tokens", type=int, default=1000)
    wish = wishes.parse_args()
    with instance() as app, ExitStack() as stack:
        port = free_port()
        key, cookie, mints = prepare(app, wish.tokens)
        viewer = Viewer(port, cookie)
        market = stack.enter_context(running(app, port, "-m", "flask", "--app", "wsgi", "market", "run"))
        web = stack.enter_context(
            running(app, port, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app")
        )
        parts = [Part("web", web), Part("market", market)]
        page = stack.enter_context(desk(viewer))
        page.goto(viewer.address("/market"))
        page.evaluate(WATCH)
        pushing = push(port, key, mints, WARM_S + wish.seconds)
        page.wait_for_timeout(WARM_S * 1000)
        lags, pages = watch(page, viewer, parts, wish.seconds)
        told = pushing_ended(pushing)
        return verdict(lags, pages, told, stored(app, told["accepted"]), parts)


@dataclass(frozen=True)
class Viewer:
    port: int
    cookie: str
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10))
    """One for all reads: a new one each time would cost more of the core than the page it asks for."""

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def read(self, path: str) -> int:
        answer = self.http.get(self.address(path), headers={"Cookie": f"sid={self.cookie}"})
        return int(answer.is_success)


@dataclass
class Part:
    """A process and its children: what they take while it is watched."""

    name: str
    first: psutil.Process
    megabytes: tuple[float, float] = (0.0, 0.0)
    cores: float = 0.0

    @contextmanager
    def watched(self) -> Iterator[None]:
        began, spent, held = time.monotonic(), self._spent(), self._held()
        yield
        self.megabytes = (held, self._held())
        self.cores = (self._spent() - spent) / (time.monotonic() - began)

    def _family(self) -> list[psutil.Process]:
        return [self.first, *self.first.children(recursive=True)]

    def _held(self) -> float:
        return float(sum(one.memory_info().rss for one in self._family()) / 1e6)

    def _spent(self) -> float:
        return float(sum(sum(one.cpu_times()[:2]) for one in self._family()))


def prepare(app: Flask, tokens: int) -> tuple[str, str, list[str]]:
    """A key that may push, the cookie of somebody signed in, and the mints."""
    with superuser(app) as server, app.app_context():
        server.execute(TOKEN, {"tokens": tokens})
        mints = [row[0] for row in server.execute("SELECT mint FROM tokens")]
        account = service.create_account("viewer", display_name="Viewer", role="admin", password=new_token(), by=SYSTEM)
        cookie = service.open_sign_in(account, agent="bench", address=b"bench").token
        valkey().set(KNOWS_SINCE, 1)  # as one that has run for longer than a minute, which alone counts turns
        key = service.add_client("token-sync", scopes=["market:prices:write"], sources=["*"], by=SYSTEM)
    return key, cookie, mints


def push(port: int, key: str, mints: list[str], seconds: float) -> "subprocess.Popen[str]":
    words = [sys.executable, "-m", "bench.kit.pushing", str(port), str(seconds), key]
    process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    process.stdin.write(" ".join(mints))
    process.stdin.close()
    return process


def pushing_ended(process: "subprocess.Popen[str]") -> dict[str, int]:
    assert process.stdout
    told: dict[str, int] = json.loads(process.stdout.read())
    process.wait()
    return told


def watch(page: Page, viewer: Viewer, parts: list[Part], seconds: int) -> tuple[list[float], int]:
    """How late each frame was painted, in ms and in order of size, and how many pages were served meanwhile."""
    page.evaluate("() => { window.lags.length = 0; }")
    pages, until = 0, time.monotonic() + seconds
    with ExitStack() as stack:
        for part in parts:
            stack.enter_context(part.watched())
        while time.monotonic() < until:
            pages += viewer.read("/contests")
            page.wait_for_timeout(500)
        return sorted(page.evaluate("() => window.lags")), pages


def verdict(lags: list[float], pages: int, told: dict[str, int], kept: int, parts: list[Part]) -> int:
    p50, p99 = (lags[ceil(len(lags) * share) - 1] for share in (0.5, 0.99))
    print(f"{told['accepted']:,} ticks accepted in {told['calls']:,} calls, {told['late']} late; {kept:,} stored")
    print(f"refused {told['refused']}; {len(lags):,} frames painted, {pages} pages served beside")
    print(f"tick to browser: p50 {p50:.0f} ms, p99 {p99:.0f} ms, most {lags[-1]:.0f} ms")
    for part in parts:
        held, holds = part.megabytes
        print(f"{part.name}: {part.cores:.2f} of a core, {held:.0f} MB, at the end {holds:.0f} MB")
    good = p50 < MOST_P50_MS and p99 < MOST_P99_MS and kept == told["accepted"]
    good &= all(part.megabytes[1] <= part.megabytes[0] * MOST_GROWTH for part in parts)
    words = "holds" if good else "MISSED"
    print(f"{machine()}\n{words}: p50 under {MOST_P50_MS} ms, p99 under {MOST_P99_MS} ms,", end=" ")
    print("stored = accepted, memory grows by less than a tenth")
    return 0 if good else 1


def stored(app: Flask, wanted: int) -> int:
    """Ticks in the database, once all are there or half a minute has passed."""
    until = time.monotonic() + 30
    with app.app_context():
        while True:
            take_time(db.session, app.config["SETTINGS"])
            found = int(db.session.execute(text("SELECT count(*) FROM ticks WHERE feed_id = 0")).scalar_one())
            db.session.rollback()
            if found >= wanted or time.monotonic() > until:
                return found
            time.sleep(0.5)


@contextmanager
def running(app: Flask, port: int, *words: str) -> Iterator[psutil.Process]:
    settings = app.config["SETTINGS"]
    environment = {
        "PATH": "/usr/bin:/bin", "INSTANCE_PATH": str(settings.instance_path), "PORT": str(port), "ASSETS": "local",
        "LOG_LEVEL": "warning", "MARKET_SOURCES": "none",
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environment)
    try:
        wait_for(port, process) if "gunicorn" in words else time.sleep(3)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The web server ended.")


@contextmanager
def desk(viewer: Viewer) -> Iterator[Page]:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=program(), args=list(SWITCHES))
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": "sid", "value": viewer.cookie, "url": viewer.address("/")}])
        yield context.new_page()
        browser.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
