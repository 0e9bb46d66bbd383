"""One message to many sockets: framed once, and written straight to each. Who cannot take it now is passed over.

Socket.IO would keep a queue for each viewer, without an end. Here nothing waits: a viewer that is behind gets what it
missed when its connection takes bytes again.
"""

import socket
from collections.abc import Callable
from typing import Any

import structlog

from app.core.extensions import LARGEST_MESSAGE
from app.core.green import is_green
from app.core.lag import Lags
from app.core.pace import Pace
from app.core.wire import Line, Message, Queue, Wire

log = structlog.get_logger(__name__)
MESSAGES = "30 per second"
MOST_QUEUED = 32


class Audience:
    """Viewers who have all seen the same, and so are told the same next. Whoever misses a message is out."""

    def __init__(self, busy: set[str]) -> None:
        self._busy = busy
        self._wires: dict[str, Wire] = {}
        self._pushes: dict[Callable[[bytes], int], str] = {}
        self._lags = Lags()
        self._others: dict[str, Line] = {}

    def add(self, peer: str, line: Line) -> None:
        if not isinstance(line, Wire):
            self._others[peer] = line
            return
        self._wires[peer] = line
        self._pushes[line.push] = peer
        if line.lag is not None:
            self._lags.add(peer, line.lag)

    def discard(self, peer: str) -> None:
        self._others.pop(peer, None)
        wire = self._wires.pop(peer, None)
        if wire is not None:
            del self._pushes[wire.push]
            if wire.lag is not None:
                self._lags.discard(peer, wire.lag)

    def tell(self, message: Message) -> list[str]:
        """Who missed it. Most time of a busy web process passes in this loop, which calls nothing but the kernel."""
        data = message.framed
        size = len(data)
        out = self._without([*self._behind(size), *self._busy.intersection(self._wires)])
        missed = []
        for push in self._pushes:
            try:
                sent = push(data)
            except OSError:  # full, or gone: whoever reads from it notices
                missed.append(self._pushes[push])
                continue
            if sent != size:
                self._wires[self._pushes[push]].finish(data[sent:])
        missed += [peer for peer, line in self._others.items() if not line.offer(message)]
        return out + self._without(missed)

    def _behind(self, size: int) -> list[str]:
        behind = self._lags.behind(size)
        for peer in behind:
            self._wires[peer].ask()
        return behind

    def _without(self, peers: list[str]) -> list[str]:
        for peer in peers:
            self.discard(peer)  # a second time does nothing
        return peers


class Lines(dict[str, Line]):
    """The way to each viewer of this process, by Engine.IO id."""

    def __init__(self) -> None:
        super().__init__()
        self.busy: set[str] = set()

    def install(self, server: Any) -> None:
        """From now on every socket of the server has its line, reads no oversized message, and may not flood."""
        driver, lines = server.eio._async["websocket"], self

        class Websocket(driver):  # type: ignore[misc, valid-type]  # its class depends on how the process waits
            def __init__(self, handler: Any, engine: Any) -> None:
                super().__init__(handler, engine)
                self.server_args["max_message_size"] = LARGEST_MESSAGE
                self._peer = handler.__self__
                self._pace = Pace(MESSAGES)

            def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
                lines[self._peer.sid] = lines.line(server.eio, self._peer, environ)
                try:
                    return super().__call__(environ, start_response)
                finally:
                    lines.pop(self._peer.sid, None)

            def wait(self) -> Any:
                message = super().wait()
                if message is None or self._pace.allows():
                    return message
                log.info("socket closed", why="flood")
                return None

        server.eio._async = server.eio._async | {"websocket": Websocket}

    def line(self, engine: Any, peer: Any, environ: dict[str, Any]) -> Line:
        """Takes the socket's place before the websocket library finds it, where it can."""
        connection = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
        if not is_green() or type(connection) is not socket.socket:  # one with TLS has its own way of writing
            return Queue(engine, peer, connection)
        wire = environ["gunicorn.socket"] = Wire(connection, peer, self.busy)
        peer.send, peer.poll = wire.beat, wire.packets
        return wire

    def cut_off_stalled(self, server: Any, now: float) -> int:
        """Drops who has not answered a ping in time, or lets messages pile up. Returns how many."""
        dropped = 0
        for peer in list(server.eio.sockets.values()):
            asked = peer.last_ping
            silent = bool(asked) and now - asked > server.eio.ping_timeout
            if (silent or peer.queue.qsize() > MOST_QUEUED) and peer.sid in self:
                self[peer.sid].cut()
                dropped += 1
        return dropped
