"""A visitor of our sockets that speaks the protocol itself, as politely or rudely as a test wants."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from simple_websocket import Client, ConnectionClosed  # type: ignore[import-untyped]  # it ships no types

PATIENCE_S = 60.0
ADDRESS = "/socket.io/?EIO=4&transport=websocket"
UPGRADE = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}  # fmt: skip


class Visitor:
    """One socket. What comes in by itself is kept in `events`; answers are matched to what was asked."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._asked = 0
        self.events: list[list[Any]] = []

    def say(self, packet: str) -> None:
        self._client.send(packet)

    def ask(self, event: str, facts: Any = None) -> Any:
        """Emits and waits for the answer."""
        self._asked += 1
        self.say(f"42{self._asked}" + json.dumps([event, facts]))
        mark = f"43{self._asked}["
        while True:
            packet = self._next(PATIENCE_S)
            if packet.startswith(mark):
                return json.loads(packet.removeprefix(f"43{self._asked}"))[0]

    def told(self, event: str, *, within_s: float = PATIENCE_S) -> Any:
        """The facts of the next `event`, kept or still to come."""
        end = time.monotonic() + within_s
        while True:
            for index, (name, *facts) in enumerate(self.events):
                if name == event:
                    del self.events[index]
                    return facts[0] if facts else None
            self._next(max(0.0, end - time.monotonic()))

    def is_shut_out(self, within_s: float = PATIENCE_S) -> bool:
        """Whether the server ends the connection in that time; what it says until then is read."""
        end = time.monotonic() + within_s
        with suppress(TimeoutError):
            try:
                while (left := end - time.monotonic()) > 0:
                    self._next(left)
            except ConnectionClosed:
                return True
        return False

    def _next(self, patience_s: float) -> str:
        packet = self._client.receive(patience_s)
        if packet is None:
            raise TimeoutError("The server says nothing.")
        if packet == "2":
            self.say("3")
        elif packet.startswith("42"):
            self.events.append(json.loads(packet[2:]))
        return str(packet)

    def close(self) -> None:
        with suppress(ConnectionClosed):
            self._client.close()
        self._client.thread.join(PATIENCE_S)


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.25)  # slower than any rate of ours
    return True


@contextmanager
def visit(
    url: str, cookie: str | None, *, origin: str | None = "", greet: bool = True, address: str = ADDRESS
) -> Iterator[Visitor]:
    """Opens a socket as a page of ours would; `origin` None sends none, and another text sends that."""
    visitor = Visitor(Client(f"ws://{urlsplit(url).netloc}{address}", headers=_headers(url, cookie, origin)))
    try:
        if greet:
            visitor.say("40")  # before reading: a frame that came with the handshake is seen at the next one
            end = time.monotonic() + PATIENCE_S
            while not visitor._next(PATIENCE_S).startswith("40"):
                assert time.monotonic() < end
        yield visitor
    finally:
        visitor.close()


def status_of(url: str, cookie: str | None, *, origin: str | None = "", address: str = ADDRESS) -> int:
    """What a handshake is answered with; 101 opens a socket, which is let go at once."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_S)
    with closing(connection):
        connection.request("GET", address, headers=UPGRADE | _headers(url, cookie, origin))
        return connection.getresponse().status


def _headers(url: str, cookie: str | None, origin: str | None) -> dict[str, str]:
    headers = {} if cookie is None else {"Cookie": f"sid={cookie}"}
    return headers if origin is None else headers | {"Origin": origin or url}
