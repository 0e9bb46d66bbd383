"""The Python client against the application, without a network between them."""

from collections.abc import Callable
from contextvars import Context

import httpx
from flask import Flask

from clients.degenduel import DegenDuel, Patience
from tests.clients import api_client

HASTY = Patience(attempts=3, longest_wait_s=5, first_pause_s=0.001)
Disturb = Callable[[int, httpx.Request], None]


class Line(httpx.BaseTransport):
    """Counts what was sent; `before` and `after` a call something may happen to it."""

    def __init__(self, app: Flask, before: Disturb | None = None, after: Disturb | None = None) -> None:
        self._inner = httpx.WSGITransport(app)
        self._before, self._after = before, after
        self.sent: list[httpx.Request] = []
        self.answers: list[int] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        if self._before:
            self._before(len(self.sent), request)
        answer = Context().run(self._inner.handle_request, request)
        self.answers.append(answer.status_code)
        if self._after:
            self._after(len(self.sent), request)
        return answer


def program(
    app: Flask, *scopes: str, before: Disturb | None = None, after: Disturb | None = None, patience: Patience = HASTY
) -> tuple[DegenDuel, Line]:
    """A client with a real key for the scopes, and the line it calls through."""
    key = api_client(app, *scopes).environ_base["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    line = Line(app, before, after)
    return DegenDuel("http://localhost", key, patience=patience, transport=line), line
