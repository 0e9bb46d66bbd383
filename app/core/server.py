"""What our web processes do beyond gunicorn's own: see deploy/gunicorn.conf.py, which hooks these in."""

import errno
import gc
import random
import signal
import socket
from collections.abc import Iterable
from typing import Any

from app.core.errors import Refusal

STALLED_PEER_MS = 20_000
BACKLOG = 2048
LAST_PORT = 65535
FAREWELL_S = 0.3
RETURN_MS = (500, 5000)
MANY_OBJECTS = 20_000


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that child processes may inherit; a Refusal says why there can be none."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        raise _why_not(error, host, port) from error
    listener.set_inheritable(True)
    return listener


def _why_not(error: OSError, host: str, port: int) -> Refusal:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return Refusal(f"This machine has no address {host}.", "Set HOST to 127.0.0.1, 0.0.0.0 or one of its own.")
    if error.errno == errno.EADDRINUSE:
        other = f"PORT={port + 1}" if port < LAST_PORT else f"PORT={port - 1}"
        return Refusal(f"Port {port} on {host} is in use by another program.", f"Stop it, or choose another: {other}.")
    if error.errno == errno.EACCES:
        return Refusal(f"Port {port} on {host} is reserved for root.", "Set PORT to a number from 1024 on.")
    return Refusal(f"Cannot listen on {host} port {port}: {error.strerror}.", "Set HOST and PORT to others.")


def cut_off_stalled_peers(listeners: Iterable[socket.socket]) -> None:
    """A peer that accepts nothing for 20 s is dropped by the kernel; else its connection and queue stay for ever."""
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    for listener in listeners:
        if option is not None and listener.family in {socket.AF_INET, socket.AF_INET6}:
            listener.setsockopt(socket.IPPROTO_TCP, option, STALLED_PEER_MS)


def forget_garbage() -> None:
    """What is loaded by now stays for good: the collector need not look at it again, nor after a few hundred ticks."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MANY_OBJECTS)


def hear_of_hints() -> None:
    """Subscribes now: Socket.IO would with its first socket, which then misses what is said at once."""
    from app.core.extensions import sockets

    server = sockets.server
    if not server.manager_initialized:
        server.manager_initialized = True
        server.manager.initialize()


def say_farewell_on_sigterm() -> None:
    """Open sockets would hold a stopping process for its whole grace: their clients are told, then let go."""
    previous: Any = signal.getsignal(signal.SIGTERM)

    def leave(number: int, frame: Any) -> None:
        import gevent

        gevent.spawn(_farewell)
        previous(number, frame)

    signal.signal(signal.SIGTERM, leave)


def _farewell() -> None:
    import gevent

    from app.core.extensions import sockets

    server = sockets.server
    for namespace in list(server.manager.get_namespaces()):
        for sid, _ in list(server.manager.get_participants(namespace, None)):
            # Each comes back at its own moment, not all at once. Not through the queue: other processes stay.
            again = {"retry_ms": random.randint(*RETURN_MS)}  # noqa: S311 (spreads clients, keeps no secret)
            server.manager.emit("server.draining", again, namespace, room=sid, ignore_queue=True)
    gevent.sleep(FAREWELL_S)
    for peer in list(server.eio.sockets.values()):
        peer.close(wait=False, abort=False)
