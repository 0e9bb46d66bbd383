"""The web server: its own gunicorn, with our settings, on a listener of ours."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path

import pytest
from simple_websocket import Client, ConnectionClosed  # type: ignore[import-untyped]  # it ships no types

from app.config import ROOT, Config
from app.core.errors import Refusal
from app.core.extensions import db
from app.core.server import RETURN_MS, STALLED_PEER_MS, listen
from tests.clients import staff_browser
from tests.conftest import app_for_tests, settings_for_tests

PATIENCE_S = 60


@dataclass
class Web:
    listener: socket.socket
    process: "subprocess.Popen[bytes]"
    cookie: str

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def ask(self, raw: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as connection:
            connection.sendall(raw)
            return connection.recv(4096)


@pytest.fixture(scope="module")
def web(engine_home: Path, new_database: Callable[[], str]) -> Iterator[Web]:
    settings = settings_for_tests(engine_home, new_database())
    cookie = Context().run(_signed_in, settings)
    with listen("127.0.0.1", 0) as listener:
        environment = os.environ | {
            "DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url, "LOG_LEVEL": "warning",
            "INSTANCE_PATH": str(settings.instance_path), "SECRET_KEY": settings.secret_key,
            "PORT": str(listener.getsockname()[1]),
        }  # fmt: skip
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi:app"]
        with subprocess.Popen(
            [*command, "--bind", f"fd://{listener.fileno()}"], cwd=ROOT, env=environment, pass_fds=(listener.fileno(),)
        ) as process:
            yield Web(listener, process, cookie)
            process.terminate()


def test_it_lives(web: Web) -> None:
    assert web.ask(b"GET /livez HTTP/1.0\r\n\r\n").split(b" ")[1] == b"200"


def test_stalled_peers_are_cut_off_by_the_kernel(web: Web) -> None:
    assert web.ask(b"GET /livez HTTP/1.0\r\n\r\n")
    assert web.listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == STALLED_PEER_MS


def test_an_overlong_address_is_refused(web: Web) -> None:
    assert web.ask(b"GET /" + b"a" * 5000 + b" HTTP/1.0\r\n\r\n").split(b" ")[1] in {b"400", b"414"}


SMUGGLED = b"GET /account HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 4\r\nContent-Length: 40\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Content-Length: +4\r\n",
        b"Content-Length : 4\r\n",
    ],
)
def test_a_request_with_two_lengths_is_refused(web: Web, head: bytes) -> None:
    """Else a proxy and we might disagree where the next one begins."""
    answer = web.ask(b"POST /csp HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n0\r\n\r\n" + SMUGGLED)
    assert answer.split(b" ")[1] in {b"400", b"501"}
    assert answer.count(b"HTTP/1.1") == 1


def test_open_sockets_are_told_when_to_come_back_and_closed(web: Web) -> None:
    address = f"ws://127.0.0.1:{web.port}/socket.io/?EIO=4&transport=websocket"
    client = Client(address, headers={"Cookie": f"sid={web.cookie}", "Origin": f"http://127.0.0.1:{web.port}"})
    client.send("40")  # before reading: this client sees a frame that came with the handshake only at the next one
    assert str(client.receive(PATIENCE_S)).startswith("0")
    assert str(client.receive(PATIENCE_S)).startswith("40")
    web.process.send_signal(signal.SIGTERM)
    event, facts = json.loads(str(client.receive(PATIENCE_S)).removeprefix("42"))
    assert event == "server.draining"
    assert RETURN_MS[0] <= facts["retry_ms"] <= RETURN_MS[1]
    assert client.receive(PATIENCE_S) == "1"
    with pytest.raises(ConnectionClosed):
        client.receive(PATIENCE_S)
    assert web.process.wait(PATIENCE_S) == 0


@pytest.mark.parametrize(
    ("host", "words"),
    [("192.0.2.7", "This machine has no address 192.0.2.7."), ("no such host", "This machine has no address")],
)
def test_an_address_of_no_use_is_named(host: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        listen(host, 8000)


def test_a_taken_port_comes_with_a_free_one() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(Refusal, match=r"in use by another program\. .*PORT=\d+"):
        listen("127.0.0.1", taken.getsockname()[1])


def _signed_in(settings: Config) -> str:
    app = app_for_tests(settings)
    cookie = staff_browser(app, "admin").get_cookie("sid")
    with app.app_context():
        db.engine.dispose()
    assert cookie
    return cookie.value
