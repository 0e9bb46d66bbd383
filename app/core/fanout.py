"""One message to many sockets: framed once, and written straight to each. Who cannot take it now is passed over.

Socket.IO would keep a queue for each viewer, without an end. Here nothing waits: a viewer that is behind gets what it
missed when its connection takes bytes again.
"""

import socket
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from app.core.extensions import LARGEST_MESSAGE
from app.core.green import is_green
from app.core.lag import Lags
from app.core.pace import Pace
from app.core.ring import ring
from app.core.wire import Common, Line, Message, Queue, Wire

log = structlog.get_logger(__name__)
MESSAGES = "30 per second"
MOST_QUEUED = 32


class Roll:
    """Some wires in their order, for as long as none of them ends."""

    def __init__(self, wires: Mapping[str, Wire], ended: int) -> None:
        self.peers, self.wires = list(wires), list(wires.values())
        self.ended = ended
        self._numbers = array("i", [wire.number for wire in self.wires])

    def send(self, data: bytes) -> list[tuple[int, int]]:
        """To each what it takes now. Of those that did not take all: the place, and how many bytes, or less than 0."""
        at_once = ring()
        if at_once is None or at_once.is_broken:
            return one_by_one(self.wires, data)
        return at_once.send(self._numbers, data)


def one_by_one(wires: Sequence[Wire], data: bytes) -> list[tuple[int, int]]:
    """As `Roll.send`, where the kernel has no ring."""
    short = []
    for place, wire in enumerate(wires):
        try:
            sent = wire.push(data)
        except OSError:
            sent = -1
        if sent != len(data):
            short.append((place, sent))
    return short


class Audience:
    """Viewers who have all seen the same, and so are told the same next. Whoever misses a message is out."""

    def __init__(self, common: Common) -> None:
        self._common = common
        self._wires: dict[str, Wire] = {}
        self._roll: Roll | None = None
        self._lags = Lags()
        self._others: dict[str, Line] = {}

    def add(self, peer: str, line: Line) -> None:
        if not isinstance(line, Wire):
            self._others[peer] = line
            return
        self._wires[peer], self._roll = line, None
        if line.lag is not None:
            self._lags.add(peer, line.lag)

    def discard(self, peer: str) -> None:
        self._others.pop(peer, None)
        wire = self._wires.pop(peer, None)
        if wire is not None:
            self._roll = None
            if wire.lag is not None:
                self._lags.discard(peer, wire.lag)

    def tell(self, message: Message) -> list[str]:
        """Who missed it. Most time of a busy web process passes here, and should be the kernel's."""
        data = message.framed
        out = self._without([*self._behind(len(data)), *(peer for peer in self._common.busy if peer in self._wires)])
        roll = self._called()
        missed = []
        for place, sent in roll.send(data):
            if sent < 0:  # full, or gone: whoever reads from it notices
                missed.append(roll.peers[place])
            else:
                roll.wires[place].finish(data[sent:])
        missed += [peer for peer, line in self._others.items() if not line.offer(message)]
        return out + self._without(missed)

    def _called(self) -> Roll:
        if self._roll is None or self._roll.ended != self._common.ended:
            self._roll = Roll(self._wires, self._common.ended)
        return self._roll

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
        self.common = Common()

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
                    line = lines.pop(self._peer.sid, None)
                    if isinstance(line, Wire):
                        line.end()

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
        wire = environ["gunicorn.socket"] = Wire(connection, peer, self.common)
        peer.send, peer.poll = wire.speak, wire.packets
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
