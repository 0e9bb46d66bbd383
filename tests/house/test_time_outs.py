"""Whoever waits for somebody else says for how long."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.sources import Planted, Source, calls, hold, sees, sources

APP = sources("app")
WAITING = {
    "httpx.get": "timeout",
    "httpx.post": "timeout",
    "httpx.request": "timeout",
    "httpx.Client": "timeout",
    "httpx.AsyncClient": "timeout",
    "http.client.HTTPConnection": "timeout",
    "http.client.HTTPSConnection": "timeout",
    "urllib.request.urlopen": "timeout",
    "urlopen": "timeout",
    "socket.create_connection": "timeout",
    "psycopg.connect": "connect_timeout",
    "Redis.from_url": "socket_timeout",
    "websockets.connect": "open_timeout",
}


def waits_end(source: Source) -> Iterator[str]:
    """Give the call a time-out: a server that hangs would hold its caller for ever."""
    for name, call in calls(source.tree):
        wanted = WAITING.get(name)
        if wanted is None:
            continue
        said = {word.arg for word in call.keywords}
        if wanted not in said and None not in said:  # None: **options
            yield f"{call.lineno}: {ast.unparse(call.func)} without {wanted}"


def test_waits_end() -> None:
    hold(waits_end, APP)


@pytest.mark.parametrize(
    "planted",
    [
        (waits_end, "app/x.py", "httpx.get(address)"),
        (waits_end, "app/x.py", "psycopg.connect(address, autocommit=True)"),
        (waits_end, "app/x.py", "Redis.from_url(address)"),
    ],
)
def test_a_wait_without_an_end_is_seen(planted: Planted) -> None:
    assert sees(planted)
