"""What the gate costs each request: its way past our doors, measured against a bare Flask application's answer.

Each way answers in this process, by the WSGI call that a web server makes, so that no network is in the figures. Who is
signed in and a turn are a question to a server each, and stand beside.
"""

import argparse
import secrets
import sys
import time
from collections.abc import Callable
from io import BytesIO
from statistics import median
from typing import Any

from flask import Flask, Response
from werkzeug.test import EnvironBuilder

from app.core.access import allow, public
from app.core.extensions import csrf, limiter, valkey
from app.core.limits import limit
from app.core.turns.in_valkey import KNOWS_SINCE
from bench.kit.instance import instance
from bench.kit.rounds import machine
from tests.clients import Browser, staff_browser

MOST_MS = 0.3
BARE, OPEN, POSTED = "bare Flask", "the gate", "the gate, a form's POST from our own page"
SIGNED_IN, TURN, SURE_TURN = (
    "and who is signed in",
    "and a turn in Valkey",
    "and a turn in PostgreSQL, by a new connection",
)
COMPUTED = {BARE, OPEN, POSTED}
"""They wait for nobody: their cost is the processor's, in the round disturbed least. The others' is wall time."""
MANY = "1000000 per minute"

Way = Callable[[], None]


def main() -> int:
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--rounds", type=int, default=30)
    wishes.add_argument("--requests", type=int, default=200)
    wish = wishes.parse_args()
    with instance() as app:
        add_views(app)
        cookie = signed_in(app)
        with app.app_context():
            valkey().set(KNOWS_SINCE, 1)
        plain = bare()
        ways: dict[str, Way] = {
            BARE: asking(plain, "/bare"),
            OPEN: asking(app, "/bench/open"),
            POSTED: asking(app, "/bench/posted", method="POST"),
            SIGNED_IN: asking(app, "/bench/signed-in", cookie=cookie),
            TURN: asking(app, "/bench/turn"),
            SURE_TURN: asking(app, "/bench/sure"),
        }
        return verdict(milliseconds(ways, wish.rounds, wish.requests))


def answer() -> Response:
    return Response("ok\n", mimetype="text/plain")


def bare() -> Flask:
    """With a session, as ours has: reading the cookie is Flask's own cost."""
    app = Flask("bare")
    app.secret_key = secrets.token_hex()
    app.add_url_rule("/bare", view_func=answer)
    return app


def add_views(app: Flask) -> None:
    """Views that do nothing, behind the doors that every view of ours is behind."""
    limiter.enabled = True

    def add(name: str, view: Callable[[], Response], **how: Any) -> None:
        app.add_url_rule(f"/bench/{name}", endpoint=f"bench-{name}", view_func=view, **how)

    add("open", public(another()))
    add("posted", public(csrf.exempt(another())), methods=["POST"])
    add("signed-in", allow("contests:contest:read")(another()))
    add("turn", public(limit(MANY)(another("turn"))))
    add("sure", public(limit(MANY, sure=True)(another("sure"))))


def another(name: str = "view") -> Callable[[], Response]:
    """A view of its own: marks of one must not be on the others."""

    def view() -> Response:
        return answer()

    view.__name__ = view.__qualname__ = name
    return view


def signed_in(app: Flask) -> str:
    app.test_client_class = Browser
    cookie = staff_browser(app, "admin").get_cookie("sid")
    assert cookie is not None
    return cookie.value


def asking(app: Flask, path: str, *, method: str = "GET", cookie: str = "") -> Way:
    headers = [("Cookie", f"sid={cookie}")] if cookie else []
    environ = EnvironBuilder(path=path, method=method, headers=headers, base_url="http://127.0.0.1:8000").get_environ()

    def ask() -> None:
        said: list[str] = []

        def start(status: str, _headers: Any, _problem: Any = None) -> Callable[[bytes], object]:
            said.append(status)
            return said.__contains__

        parts = app.wsgi_app(environ | {"wsgi.input": BytesIO()}, start)
        b"".join(parts)
        if said != ["200 OK"]:
            raise SystemExit(f"{path} answers {said}")

    return ask


def milliseconds(ways: dict[str, Way], rounds: int, requests: int) -> dict[str, float]:
    """Of one request each way, which take turns."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, way in ways.items():
            began, computed = time.perf_counter(), time.thread_time()
            for _ in range(requests):
                way()
            took = time.thread_time() - computed if name in COMPUTED else time.perf_counter() - began
            times[name].append(took * 1000 / requests)
    return {name: (min if name in COMPUTED else median)(of[1:]) for name, of in times.items()}


def verdict(ms: dict[str, float]) -> int:
    for name, took in ms.items():
        print(f"{name:<44}{took:>8.3f} ms{took - ms[BARE]:>+9.3f}")
    cost = ms[OPEN] - ms[BARE]
    holds = cost < MOST_MS
    print(
        f"{machine()}\n{'holds' if holds else 'MISSED'}: the gate costs {cost:.3f} ms a request (less than {MOST_MS})"
    )
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
