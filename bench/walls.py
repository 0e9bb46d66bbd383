"""From a tick's acceptance to fifty screens on walls: one of them in Chromium, to its price painted.

Three sources price every token ten times a second. Every part is a process of its own, as in production; the other
screens are sockets that read every frame and note how old it is.
"""

import argparse
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from math import ceil

from flask import Flask
from simple_websocket import ConnectionClosed  # type: ignore[import-untyped]  # it ships no types

from app.audit.rules import SYSTEM
from app.core.extensions import db
from app.wall.rules.boards import Setting
from app.wall.service.screens import add_screen
from bench.kit.instance import instance
from bench.kit.rounds import machine
from bench.latency import WATCH, Viewer, desk, free_port, prepare, push, pushing_ended, running
from tests.core.visiting import ADDRESS, visit

MOST_P99_MS = 100
WARM_S = 8.0
OLDEST = re.compile(r'"oldest":(\d+)')


def main() -> int:
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--seconds", type=int, default=30)
    wishes.add_argument("--screens", type=int, default=50)
    wishes.add_argument("--tokens", type=int, default=100)
    wish = wishes.parse_args()
    with instance() as app, ExitStack() as stack:
        port = free_port()
        key, cookie, mints = prepare(app, wish.tokens)
        links, viewer = hung(app, wish.screens), Viewer(port, cookie)
        stack.enter_context(running(app, port, "-m", "flask", "--app", "wsgi", "market", "run"))
        stack.enter_context(running(app, port, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"))
        crowd = stack.enter_context(looking(viewer.address(""), links[1:]))
        page = stack.enter_context(desk(viewer))
        page.goto(viewer.address(f"/wall/{links[0]}"))
        page.wait_for_function("() => document.body.dataset.state !== 'connecting'")  # on its own line
        page.evaluate(WATCH)
        pushing = push(port, key, mints, WARM_S + wish.seconds)
        page.wait_for_timeout(WARM_S * 1000)
        page.evaluate("() => { window.lags.length = 0; }")
        crowd.clear()
        page.wait_for_timeout(wish.seconds * 1000)
        painted, read = sorted(page.evaluate("() => window.lags")), sorted(crowd)
        state = page.locator("body").get_attribute("data-state")
        told = pushing_ended(pushing)
    return verdict(painted, read, state or "", told)


def hung(app: Flask, screens: int) -> list[str]:
    with app.app_context():
        settings = [Setting(f"Wall {n}", ["market"], 55, 500, "landscape", "dark", "lcd") for n in range(screens)]
        links = [add_screen(setting, by=SYSTEM).link for setting in settings]
        db.session.remove()
    return links


@contextmanager
def looking(url: str, links: list[str]) -> Iterator[list[float]]:
    """Screens that read until the end; the ages in ms of what they read."""
    ages: list[float] = []
    with ExitStack() as stack:
        for link in links:
            screen = stack.enter_context(visit(url.rstrip("/"), None, address=f"{ADDRESS}&screen={link}"))
            for event in ("watch", "join"):
                screen.say(f'42["{event}",{{"room":"market"}}]')
            threading.Thread(target=read, args=(screen._client, ages), daemon=True).start()
        yield ages


def read(client: object, ages: list[float]) -> None:
    receive, send = client.receive, client.send  # type: ignore[attr-defined]  # the websocket library ships no types
    try:
        while True:
            packet = receive()
            if packet == "2":
                send("3")
            found = OLDEST.search(packet[-400:]) or OLDEST.search(packet[:400])
            if found:
                ages.append(time.time() * 1000 - int(found[1]) / 1000)
    except ConnectionClosed:
        return


def verdict(painted: list[float], read: list[float], state: str, told: dict[str, int]) -> int:
    print(f"{told['accepted']:,} ticks accepted in {told['calls']:,} calls, {told['late']} late; the screen is {state}")
    for name, lags in (("painted in Chromium", painted), ("read by the others", read)):
        p50, p99 = (lags[ceil(len(lags) * share) - 1] for share in (0.5, 0.99))
        print(f"{len(lags):,} frames {name}: p50 {p50:.0f} ms, p99 {p99:.0f} ms, most {lags[-1]:.0f} ms")
    p99 = max(lags[ceil(len(lags) * 0.99) - 1] for lags in (painted, read))
    print(f"{machine()}\n{'holds' if p99 < MOST_P99_MS else 'MISSED'}: p99 under {MOST_P99_MS} ms")
    return 0 if p99 < MOST_P99_MS else 1


if __name__ == "__main__":
    sys.exit(main())
