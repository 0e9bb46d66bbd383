"""The sockets of this process: who is connected, hints to the pages that are open, and how a socket is ended."""

import time
from functools import lru_cache
from typing import Any

import socketio
import structlog
from flask import Flask
from redis.exceptions import RedisError

from app.core import events, revoking
from app.core.admission import ACCOUNT, Viewer
from app.core.extensions import CHANNEL, VALKEY_PATIENCE_S, settings, sockets, valkey, valkey_address
from app.core.fanout import Lines
from app.core.gate import VIEWER
from app.core.metrics import Counter, Gauge

log = structlog.get_logger(__name__)
DESK = "desk"
TEND_EVERY_S = 1.0
KEEP_EVERY_S = 5.0
LAST_WORDS_S = 0.3
OPEN = Gauge("sockets_open", "Open sockets of the web process that said so last.")
CLOSED = Counter("sockets_closed_total", "Sockets that were ended from here.", ("why",))

lines = Lines()


@lru_cache(maxsize=4)
def _channel(address: str) -> socketio.RedisManager:
    patience = {"socket_timeout": VALKEY_PATIENCE_S, "socket_connect_timeout": VALKEY_PATIENCE_S}
    return socketio.RedisManager(address, channel=CHANNEL, write_only=True, redis_options=patience)


def emit(event: str, facts: dict[str, Any]) -> None:
    """Tells every open desk page in every process, after the commit. A hint that is lost harms nothing."""
    try:
        valkey().ping()  # python-socketio would log a failure at length and raise nothing
        _channel(valkey_address(settings())).emit(event, facts, room=DESK)
    except RedisError as error:
        log.info("hint lost", hint=event, problem=type(error).__name__)


def viewers() -> dict[str, Viewer]:
    """Everybody connected to this process, by Engine.IO id."""
    return {peer: environ[VIEWER] for peer, environ in list(sockets.server.environ.items())}


def close(peer: str, why: str) -> None:
    """Tells the browser, and ends the connection a moment later whether it was heard or not."""
    server = sockets.server
    CLOSED.add(why=why)
    sid = server.manager.sid_from_eio_sid(peer, events.DEFAULT)
    if sid is not None:
        server.disconnect(sid, ignore_queue=True)
    engine = server.eio.sockets.get(peer)
    if engine is not None:
        engine.close(wait=False, abort=True)
    sockets.start_background_task(_cut_later, peer)


def _cut_later(peer: str) -> None:
    sockets.sleep(LAST_WORDS_S)
    line = lines.get(peer)
    if line is not None:
        line.cut()


class Reception:
    """Lets sockets in and out; with the first one, what sockets need begins to run."""

    def __init__(self, app: Flask, desk: events.Desk) -> None:
        self._app = app
        self._desk = desk
        self._is_running = False
        self._keeps_at = 0.0

    def connect(self, sid: str, environ: dict[str, Any], _auth: Any = None) -> None:
        if environ[VIEWER].kind == ACCOUNT:
            sockets.server.enter_room(sid, DESK)
        if not self._is_running:
            self._is_running = True
            sockets.start_background_task(self._tend)
            sockets.start_background_task(revoking.listen, self._app, viewers, close)

    def disconnect(self, sid: str, _reason: Any = None) -> None:
        self._desk.forget(str(sockets.server.manager.eio_sid_from_sid(sid, events.DEFAULT)))

    def _tend(self) -> None:
        while True:
            sockets.sleep(TEND_EVERY_S)
            dropped = lines.cut_off_stalled(sockets.server, time.time())
            if dropped:
                CLOSED.add(dropped, why="stalled")
                log.info("stalled sockets dropped", count=dropped)
            OPEN.set(len(lines))
            self._keep_places()

    def _keep_places(self) -> None:
        if time.monotonic() < self._keeps_at:
            return
        self._keeps_at = time.monotonic() + KEEP_EVERY_S
        try:
            self._app.extensions["gate"].places.keep()
        except RedisError as error:
            log.info("sockets are counted in each process alone", problem=type(error).__name__)


def register(app: Flask) -> None:
    lines.install(sockets.server)
    desk = events.install(app, close)
    reception = Reception(app, desk)
    sockets.server.on("connect", reception.connect)
    sockets.server.on("disconnect", reception.disconnect)
