"""The pulse of a web process: every second it tells its screens that it lives, and what each part should show.

A screen takes a part for fresh only while the pulse names the digest that the part bears.
"""

import time
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.core.admission import Viewer, in_time
from app.core.assets import build
from app.core.extensions import db, sockets
from app.core.formats import utc
from app.core.live import lines
from app.core.metrics import Gauge
from app.core.wire import Message
from app.wall.queries.parts import READERS, announced, digest
from app.wall.queries.screens import Shown, screens_of
from app.wall.rules.words import word_at

log = structlog.get_logger(__name__)
EVERY_S = 1.0
EVERY = {"top": 1, "alerts": 1, "worst": 1, "contests": 2, "spotlight": 2, "foot": 5, "health": 5, "prices": 10}
"""Every how many beats each part is looked at."""
SCREENS = Gauge("wall_screens", "Screens that hear the pulse, of the web process that said so last.")


@dataclass
class Known:
    """What is true now of all screens, and of each; None for what the database could not say."""

    build: str
    digests: dict[str, str]
    screens: dict[int, Shown]
    critical: int = 0
    maintenance: str | None = None
    trouble: str | None = None


class Heart:
    """`epoch` and `seq` number the beats, so that a screen never takes an old one for a new one."""

    def __init__(self) -> None:
        self.beats = False
        self._epoch = time.time_ns() // 1_000_000
        self._seq = 0
        self._members: dict[str, Viewer] = {}
        self._known = Known("", {}, {})

    def add(self, app: Flask, peer: str, viewer: Viewer) -> dict[str, Any]:
        """Lets a screen in; what it should show now."""
        is_first = not self._members
        self._members[peer] = viewer
        SCREENS.set(len(self._members))
        if is_first:  # while nobody listened nothing was looked at; who comes meanwhile waits for the next beat
            self._look(app, every=True)
        elif viewer.pass_id not in self._known.screens:
            self._known.screens |= screens_of({viewer.pass_id})
        return self._told(viewer)

    def discard(self, peer: str) -> None:
        if self._members.pop(peer, None) is not None:
            SCREENS.set(len(self._members))

    def run(self, app: Flask) -> None:
        while True:
            began = time.monotonic()
            if self._members:
                self.beat(app)
            sockets.sleep(max(0.1, EVERY_S - (time.monotonic() - began)))

    def beat(self, app: Flask) -> None:
        self._seq += 1
        self._look(app)
        for peer, viewer in list(self._members.items()):
            line = lines.get(peer)
            if line is not None:  # who is behind misses this one; the next one says everything again
                line.offer(Message("pulse", orjson.dumps(self._told(viewer))))

    def _look(self, app: Flask, *, every: bool = False) -> None:
        every = every or self._known.trouble is not None  # what was known before the trouble is old by now
        names = [name for name, beats in EVERY.items() if every or self._seq % beats == 0]
        links = {viewer.pass_id for viewer in self._members.values()}
        try:
            with app.app_context():
                found = in_time(lambda: {name: READERS[name]() for name in names})
                paused = in_time(announced)
                built = build()
                screens = in_time(lambda: screens_of(links))
                db.session.rollback()
        except (SQLAlchemyError, TimeoutError) as error:
            log.warning("screens are told no news", problem=type(error).__name__)
            self._known.trouble = "The database does not answer."
            return
        digests = {name: digest(name, part) for name, part in found.items()}
        self._known = Known(built, self._known.digests | digests, screens, found["top"].critical, paused)

    def _told(self, viewer: Viewer) -> dict[str, Any]:
        screen, now = self._known.screens.get(viewer.pass_id), time.time()
        told: dict[str, Any] = {
            "stream": "wall", "epoch": self._epoch, "seq": self._seq, "at": int(now * 1000), "parts": {},
            "build": self._known.build, "critical": self._known.critical, "maintenance": self._known.maintenance,
            "trouble": self._known.trouble,
        }  # fmt: skip
        if self._known.trouble is None:
            told["parts"] = self._known.digests
        if screen is not None:
            told |= {"word": word_at(screen.key, now), "setting": utc(screen.changed_at, "iso")}
        return told
