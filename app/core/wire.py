"""The ways to one viewer: straight to its connection under gevent, and Engine.IO's own queue elsewhere."""

import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import structlog
from engineio.exceptions import QueueEmpty
from engineio.packet import Packet

from app.core.lag import ASK, Lag

log = structlog.get_logger(__name__)
KERNEL_BYTES = 64 * 1024


@dataclass(frozen=True)
class Message:
    """An event of Socket.IO whose one argument is given as JSON."""

    event: str
    json: bytes

    @cached_property
    def text(self) -> str:
        return f'2["{self.event}",{self.json.decode()}]'

    @cached_property
    def framed(self) -> bytes:
        """The bytes a browser reads: a websocket text frame of an Engine.IO message."""
        return framed("4" + self.text)


def framed(text: str) -> bytes:
    """As one websocket text frame."""
    body = text.encode()
    size = len(body)
    if size < 126:
        return struct.pack("!BB", 0x81, size) + body
    if size < 65536:
        return struct.pack("!BBH", 0x81, 126, size) + body
    return struct.pack("!BBQ", 0x81, 127, size) + body


class Line(Protocol):
    """The way to one viewer."""

    def offer(self, message: Message) -> bool:
        """Hands the message over, whole; or does nothing, and says so, while earlier ones are under way."""

    def passes(self) -> bool:
        """Whether the viewer is known to be behind, so that nothing needs to be made ready for it this time."""

    def cut(self) -> None:
        """Ends the connection now, whatever the other side does."""


@dataclass
class Common:
    """What the wires of a process have in common."""

    busy: set[str] = field(default_factory=set)
    """Whose message is half written: nobody else may write to them then."""
    ended: int = 0
    """How many wires have ended. Their numbers belong to others soon: who remembers some has to look again."""


class Wire:
    """A connection under gevent. Whoever writes, messages leave whole and one after another."""

    __slots__ = ("_common", "_has_ended", "_peer", "_socket", "_turn", "lag", "push")

    def __init__(self, connection: Any, peer: Any, common: Common) -> None:
        from gevent.lock import Semaphore

        self._socket, self._peer, self._common = connection, peer, common
        self._has_ended = False
        self.push: Callable[[bytes], int] = connection._sock.send  # gevent's own looks at its loop each time
        self._turn = Semaphore()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
        is_tcp = connection.family in {socket.AF_INET, socket.AF_INET6}
        if is_tcp:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lag = Lag(connection) if is_tcp and sys.platform == "linux" else None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    @property
    def number(self) -> int:
        """The kernel's number of the connection while it is ours to write to, -1 afterwards."""
        return -1 if self._has_ended else self._socket._sock.fileno()

    def end(self) -> None:
        """To be called before the connection is closed."""
        self._common.ended += not self._has_ended
        self._has_ended = True

    def close(self) -> None:
        self.end()
        self._socket.close()

    def send(self, data: bytes) -> int:
        """As the websocket library calls it, which takes a part sent for all."""
        with self._turn:
            try:
                sent = self.push(data)
            except BlockingIOError:
                sent = 0
            if sent < len(data):
                self._send_all(data[sent:])
        return len(data)

    def recv(self, size: int) -> bytes:
        """Heartbeats stay here: all that a viewer says by itself, and dear if they went on to Engine.IO."""
        while True:
            data: bytes = self._socket.recv(size)
            if self._peer.last_ping and _is_heartbeat(data):
                self._peer.schedule_ping()
            elif self.lag is None or not self.lag.hears(data):
                return data

    def speak(self, packet: Packet) -> None:
        """Stands in for the peer's `send`: what can leave at once need not queue, and wake a writer of its own."""
        can_leave = not (packet.binary or self._peer.closed or self._peer.queue.qsize())
        if not (can_leave and self.put(framed(packet.encode()))):
            type(self._peer).send(self._peer, packet)

    def packets(self) -> list[Packet]:
        """Stands in for the peer's `poll`, which takes a queue that stays empty for a viewer that is gone."""
        while True:
            with suppress(QueueEmpty):
                found: list[Packet] = type(self._peer).poll(self._peer)
                return found

    def offer(self, message: Message) -> bool:
        data = message.framed
        if self._peer.queue.qsize():
            return False
        if self.lag is not None and self.lag.is_there(len(data)):
            self.ask()
            return False
        return self.put(data)

    def passes(self) -> bool:
        if self.lag is None or not self.lag.is_asked:
            return False
        self.lag.is_there(0)
        self.ask()
        return True

    def ask(self) -> None:
        """Whether the viewer still reads, when it is time to."""
        if self.lag is not None and self.lag.asks_now():
            self.put(ASK)

    def put(self, data: bytes) -> bool:
        """Now, or not at all."""
        if self._peer.sid in self._common.busy:
            return False
        try:
            sent = self.push(data)
        except OSError:  # full, or gone: whoever reads from it notices
            return False
        if sent < len(data):
            self.finish(data[sent:])
        return True

    def finish(self, rest: bytes) -> None:
        """Sends the rest of a message that the kernel took a part of."""
        import gevent

        self._turn.acquire()
        self._common.busy.add(self._peer.sid)
        gevent.spawn(self._send_rest, rest)

    def _send_rest(self, rest: bytes) -> None:
        try:
            self._send_all(rest)
        except OSError as error:
            log.debug("viewer left in the middle of a frame", problem=str(error))
        finally:
            self._turn.release()

    def _send_all(self, data: bytes) -> None:
        self._common.busy.add(self._peer.sid)
        try:
            self._socket.sendall(data)
        finally:
            self._common.busy.discard(self._peer.sid)

    def cut(self) -> None:
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError as error:
            log.debug("viewer was gone already", problem=str(error))


def _is_heartbeat(data: bytes) -> bool:
    """Engine.IO's pong, masked as browsers mask."""
    return len(data) == 7 and data[:2] == b"\x81\x81" and data[6] ^ data[2] == ord("3")


class Queue:
    """The ordinary way, where sockets are not gevent's: Engine.IO's own queue, but never a second message in it."""

    def __init__(self, engine: Any, peer: Any, connection: Any) -> None:
        self._engine = engine
        self._peer = peer
        self._connection = connection

    def offer(self, message: Message) -> bool:
        if self.passes():
            return False
        self._engine.send(self._peer.sid, message.text)
        return True

    def passes(self) -> bool:
        return bool(self._peer.closed or self._peer.queue.qsize())

    def cut(self) -> None:
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError as error:
            log.debug("viewer was gone already", problem=str(error))
