"""One message to many sockets: framed once, and written straight to each. Who cannot take it now is passed over.

Socket.IO would keep a queue for each viewer, without an end. Here nothing waits: a viewer that is behind gets what it
missed when its connection takes bytes again.
"""

import fcntl
import socket
import struct
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import structlog

from app.core.extensions import LARGEST_MESSAGE
from app.core.green import is_green
from app.core.pace import Pace

log = structlog.get_logger(__name__)
KERNEL_BYTES = 64 * 1024
MESSAGES = "30 per second"
MOST_QUEUED = 32
UNSENT = 0x894B
"""SIOCOUTQNSD of Linux: bytes that the kernel holds and has not sent once."""


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
        body = b"4" + self.text.encode()
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

    def cut(self) -> None:
        """Ends the connection now, whatever the other side does."""


class Wire:
    """A connection under gevent. Whoever writes, messages leave whole and one after another."""

    __slots__ = ("_queue", "_socket", "_turn")

    def __init__(self, connection: Any, queue: Any) -> None:
        from gevent.lock import Semaphore

        self._socket = connection
        self._queue = queue
        self._turn = Semaphore()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
        if connection.family in {socket.AF_INET, socket.AF_INET6}:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def send(self, data: bytes) -> int:
        """As the websocket library calls it, which takes a part sent for all."""
        with self._turn:
            self._socket.sendall(data)
        return len(data)

    def offer(self, message: Message) -> bool:
        if self._turn.locked() or self._queue.qsize() or self._unsent():
            return False
        data = message.framed
        try:
            sent = self._socket._sock.send(data)
        except OSError:  # full, or gone: whoever reads from it notices
            return False
        if sent < len(data):
            self._finish(data[sent:])
        return True

    def _unsent(self) -> bool:
        """Whether the other side lets bytes wait here: frames it would be shown late. Linux alone can tell."""
        if sys.platform != "linux":
            return False
        left = fcntl.ioctl(self._socket.fileno(), UNSENT, b"\0\0\0\0")
        return left != b"\0\0\0\0"

    def _finish(self, rest: bytes) -> None:
        import gevent

        self._turn.acquire()
        gevent.spawn(self._send_rest, rest)

    def _send_rest(self, rest: bytes) -> None:
        try:
            self._socket.sendall(rest)
        except OSError as error:
            log.debug("viewer left in the middle of a frame", problem=str(error))
        finally:
            self._turn.release()

    def cut(self) -> None:
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError as error:
            log.debug("viewer was gone already", problem=str(error))


class Queue:
    """The ordinary way, where sockets are not gevent's: Engine.IO's own queue, but never a second message in it."""

    def __init__(self, engine: Any, peer: Any, connection: Any) -> None:
        self._engine = engine
        self._peer = peer
        self._connection = connection

    def offer(self, message: Message) -> bool:
        if self._peer.closed or self._peer.queue.qsize():
            return False
        self._engine.send(self._peer.sid, message.text)
        return True

    def cut(self) -> None:
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError as error:
            log.debug("viewer was gone already", problem=str(error))


class Lines(dict[str, Line]):
    """The way to each viewer of this process, by Engine.IO id."""

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
        wire = environ["gunicorn.socket"] = Wire(connection, peer.queue)
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
