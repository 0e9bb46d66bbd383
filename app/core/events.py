"""What browsers may say over their socket: each event is registered with the permission it needs and its rate."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.core.access import holds
from app.core.admission import Viewer, in_time
from app.core.errors import Refusal
from app.core.extensions import sockets
from app.core.gate import VIEWER
from app.core.metrics import Counter
from app.core.pace import Pace

log = structlog.get_logger(__name__)
DEFAULT = "/"
EVENTS_IN = Counter("socket_events_total", "Events from browsers.", ("event", "outcome"))


@dataclass(frozen=True)
class Asking:
    """The socket an event came from."""

    sid: str
    peer: str
    """Its id in Engine.IO, by which `live.lines` knows the way to it."""
    viewer: Viewer


Handler = Callable[..., Any]
Ended = Callable[[str], None]


@dataclass(frozen=True)
class Event:
    name: str
    permission: str
    rate: str
    handler: Handler


EVENTS: dict[str, Event] = {}
ENDED: list[Ended] = []


def event(name: str, *, allow: str, rate: str) -> Callable[[Handler], Handler]:
    """Registers `handler(asking, facts)` for sockets whose role holds the permission; it returns the answer."""

    def enter(handler: Handler) -> Handler:
        EVENTS[name] = Event(name, allow, rate, handler)
        return handler

    return enter


def ended(listener: Ended) -> Ended:
    """Registers what is told the Engine.IO id of every socket that is gone."""
    ENDED.append(listener)
    return listener


class Desk:
    """Runs the events of one app's sockets."""

    def __init__(self, app: Flask, close: Callable[[str, str], None]) -> None:
        self._app = app
        self._close = close
        self._server = sockets.server
        self._paces: dict[str, dict[str, Pace]] = {}

    def handler(self, known: Event) -> Handler:
        def run(sid: str, facts: Any = None, *_more: Any) -> Any:
            return self._run(known, sid, facts)

        return run

    def _run(self, known: Event, sid: str, facts: Any) -> Any:
        asking = self._asking(sid)
        pace = self._paces.setdefault(asking.peer, {}).setdefault(known.name, Pace(known.rate))
        if not pace.allows():
            return self._shut(asking, known.name, "flood")
        if not holds(asking.viewer.role, known.permission):
            EVENTS_IN.add(event=known.name, outcome="refused")
            return {"refused": f"Your role, {asking.viewer.role}, does not include this."}
        EVENTS_IN.add(event=known.name, outcome="handled")
        with self._app.app_context():
            return self._answered(known, asking, facts)

    def _answered(self, known: Event, asking: Asking, facts: Any) -> Any:
        try:
            return in_time(lambda: known.handler(asking, facts if isinstance(facts, dict) else {}))
        except Refusal as refusal:
            return {"refused": str(refusal)}
        except (SQLAlchemyError, TimeoutError) as error:
            log.warning("event failed", name=known.name, problem=type(error).__name__)
            return {"refused": "The database does not answer. Try again shortly."}

    def _asking(self, sid: str) -> Asking:
        peer = str(self._server.manager.eio_sid_from_sid(sid, DEFAULT))
        return Asking(sid, peer, self._server.environ[peer][VIEWER])

    def unknown(self, name: str, sid: str, *_facts: Any) -> None:
        self._shut(self._asking(sid), name, "unknown")

    def _shut(self, asking: Asking, name: str, why: str) -> None:
        known = name if name in EVENTS else "other"
        EVENTS_IN.add(event=known, outcome=why)
        log.info("socket closed", why=why, owner=asking.viewer.owner)
        self._close(asking.peer, why)

    def forget(self, peer: str) -> None:
        self._paces.pop(peer, None)
        for listener in ENDED:
            listener(peer)


def install(app: Flask, close: Callable[[str, str], None]) -> Desk:
    desk = Desk(app, close)
    for known in EVENTS.values():
        sockets.server.on(known.name, desk.handler(known))
    sockets.server.on("*", desk.unknown)
    return desk
