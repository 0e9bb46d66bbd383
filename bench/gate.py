"""What the gate costs each request: its way past our doors to its line in the log, against a bare Flask application's.

Each way answers in this process, by the WSGI call that a web server makes, so that no network is in the figures. Who is
signed in and a turn are a question to a server each, and stand beside.
"""

import argparse
import os
import secrets
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask, Response, request, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import EnvironBuilder

from app.core.access import allow, public
from app.core.extensions import limiter, valkey
from app.core.limits import limit
from app.core.turns.in_valkey import KNOWS_SINCE
from bench.kit.instance import instance
from bench.kit.rounds import machine
from tests.clients import Browser, staff_browser

MOST_MS = 0.3
OURS = "http://127.0.0.1:8000"
BARE, OPEN = "bare Flask", "the gate, reading"
BARE_POST, POSTED = "bare Flask, a form's POST", "the gate, a form's POST"
SIGNED_IN, TURN, SURE_TURN = "and who is signed in", "and a turn in Valkey", "and a turn in PostgreSQL"
AGAINST = {OPEN: BARE, POSTED: BARE_POST, SIGNED_IN: OPEN, TURN: OPEN, SURE_TURN: OPEN}
COMPUTED = {BARE, OPEN, BARE_POST, POSTED}
"""They wait for nobody: their cost is the processor's, in the round disturbed least. The others' is wall time."""
MANY = "1000000 per minute"
FEWER = 10
"""Who waits for a server is asked so much less often: no limit of ours counts as many turns as a round has requests."""

Way = Callable[[], None]


def main() -> int:
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--rounds", type=int, default=30)
    wishes.add_argument("--requests", type=int, default=200)
    wish = wishes.parse_args()
    asked: dict[str, Any] = {"log_level": "info", "statement_timeout_ms": 60_000}
    with instance(**asked) as app, Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        add_views(app)
        cookie = signed_in(app)
        with app.app_context():
            valkey().set(KNOWS_SINCE, 1)
        plain = bare()
        ways: dict[str, Way] = {
            BARE: asking(plain, "/open"),
            OPEN: asking(app, "/bench/open"),
            BARE_POST: asking(plain, "/posted", **a_form(plain, "/form")),
            POSTED: asking(app, "/bench/posted", **a_form(app, "/bench/form")),
            SIGNED_IN: asking(app, "/bench/signed-in", headers=[("Cookie", f"sid={cookie}")]),
            TURN: asking(app, "/bench/turn"),
            SURE_TURN: asking(app, "/bench/sure"),
        }
        with redirect_stderr(nowhere):  # a line for each request is written, to where it costs no more
            found = milliseconds(ways, wish.rounds, wish.requests)
        return verdict(found)


def answer() -> Response:
    return Response("ok\n", mimetype="text/plain")


def reading() -> Response:
    """What a form of any application needs: its fields, and the session they are of."""
    return answer() if request.form["csrf_token"] and session["csrf_token"] else Response(status=400)


def form() -> str:
    return str(generate_csrf())


def bare() -> Flask:
    """With a session, as ours has: reading the cookie and the fields is Flask's own cost."""
    app = Flask("bare")
    app.secret_key = secrets.token_hex()
    app.add_url_rule("/open", view_func=answer)
    app.add_url_rule("/form", view_func=form)
    app.add_url_rule("/posted", view_func=reading, methods=["POST"])
    return app


def add_views(app: Flask) -> None:
    """Views that do nothing, behind the doors that every view of ours is behind."""
    limiter.enabled = True

    def add(name: str, view: Callable[[], Any], **how: Any) -> None:
        app.add_url_rule(f"/bench/{name}", endpoint=f"bench-{name}", view_func=view, **how)

    add("open", public(another()))
    add("form", public(form))
    add("posted", public(reading), methods=["POST"])
    add("signed-in", allow("contests:contest:read")(another()))
    add("turn", public(limit(MANY)(another("turn"))))
    add("sure", public(limit(MANY, sure=True)(another("sure"))))


def another(name: str = "view") -> Callable[[], Response]:
    """A view of its own: marks of one must not be on the others."""

    def view() -> Response:
        return answer()

    view.__name__ = view.__qualname__ = name
    return view


def a_form(app: Flask, page: str) -> dict[str, Any]:
    """A POST as a browser sends it from a page of ours: with its token, its cookie, and where it comes from."""
    browser = FlaskClient(app, Response)
    token = browser.get(page, base_url=OURS).text
    (cookie,) = (browser._cookies or {}).values()
    here = [("Cookie", f"{cookie.key}={cookie.value}"), ("Origin", OURS), ("Sec-Fetch-Site", "same-origin")]
    return {"method": "POST", "headers": here, "data": {"csrf_token": token}}


def signed_in(app: Flask) -> str:
    app.test_client_class = Browser
    cookie = staff_browser(app, "admin").get_cookie("sid")
    assert cookie is not None
    return cookie.value


def asking(app: Flask, path: str, **how: Any) -> Way:
    environ = EnvironBuilder(path=path, base_url=OURS, **how).get_environ()
    body = environ["wsgi.input"].read()

    def ask() -> None:
        said: list[str] = []

        def start(status: str, _headers: Any, _problem: Any = None) -> Callable[[bytes], object]:
            said.append(status)
            return said.__contains__

        parts = app.wsgi_app(environ | {"wsgi.input": BytesIO(body)}, start)
        b"".join(parts)
        if said != ["200 OK"]:
            raise SystemExit(f"{path} answers {said}")

    return ask


def milliseconds(ways: dict[str, Way], rounds: int, requests: int) -> dict[str, float]:
    """Of one request each way, which take turns."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, way in ways.items():
            asked = requests if name in COMPUTED else max(1, requests // FEWER)
            began, computed = time.perf_counter(), time.thread_time()
            for _ in range(asked):
                way()
            took = time.thread_time() - computed if name in COMPUTED else time.perf_counter() - began
            times[name].append(took * 1000 / asked)
    return {name: (min if name in COMPUTED else median)(of[1:]) for name, of in times.items()}


def verdict(ms: dict[str, float]) -> int:
    more = {name: ms[name] - ms[against] for name, against in AGAINST.items()}
    for name, took in ms.items():
        print(f"{name:<28}{took:>8.3f} ms" + (f"{more[name]:>+9.3f} than {AGAINST[name]}" if name in more else ""))
    holds = max(more[OPEN], more[POSTED]) < MOST_MS
    print(
        f"{machine()}\n{'holds' if holds else 'MISSED'}: the gate costs {more[OPEN]:.3f} ms to who reads and "
        f"{more[POSTED]:.3f} ms to who sends a form (less than {MOST_MS})"
    )
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
