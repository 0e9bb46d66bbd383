"""A receiver of webhooks on loopback, which keeps what it gets and answers as it is told."""

import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LETTERS = 200
"""Dripped in ten seconds: a sender without a deadline comes to an end, too."""


@dataclass
class Receiver:
    """`status` 0 closes without a word; `hangs` says nothing until the test is over; `drips` ends its head late."""

    url: str = ""
    status: int = 204
    words: bytes = b""
    hangs: bool = False
    drips: bool = False
    over: threading.Event = field(default_factory=threading.Event)
    log: list[str] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


class Door(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        told = self.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.close_connection = True
        if told.hangs:
            told.over.wait(30)
        elif told.drips:
            self._drip()
        elif told.status:
            self.send_response(told.status)
            self.send_header("Location", told.url + "/elsewhere")
            self.send_header("Content-Length", str(len(told.words)))
            self.end_headers()
            self.wfile.write(told.words)

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(LETTERS):
            if self.receiver.over.wait(0.05):
                return
            try:
                self.wfile.write(b"a")
            except OSError:
                return

    def log_message(self, format: str, *args: Any) -> None:
        self.receiver.log.append(format % args)


@contextmanager
def receiver(**how: Any) -> Iterator[Receiver]:
    told = Receiver(**how)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("TheirDoor", (Door,), {"receiver": told}))
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield told
    finally:
        told.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def mark_of(secret: str, headers: dict[str, str], body: bytes) -> str:
    """The signature written out by RFC 2104, apart from the library that the program signs with."""
    key = b64decode(secret.removeprefix("whsec_")).ljust(64, b"\0")
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    inner = sha256(bytes(byte ^ 0x36 for byte in key) + content).digest()
    return "v1," + b64encode(sha256(bytes(byte ^ 0x5C for byte in key) + inner).digest()).decode()
