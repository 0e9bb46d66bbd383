"""Who is at the gate. All who wait at one moment are looked up together: after a restart all pages come at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Request

from app.core.green import Patience, is_green
from app.core.places import Places

VIEWERS_BEHIND = "viewers_behind"
"""Key in `app.extensions` of functions that say of some handshakes whose they are, None for a stranger's. The first
that knows one decides."""
ACCOUNT, SCREEN = "account", "screen"
PATIENCE_S = 3.0
AT_ONCE = 200

T = TypeVar("T")


@dataclass(frozen=True)
class Viewer:
    """Whose socket it is: an account or a screen, the sign-in or link it was opened under, and its role then."""

    owner_id: int
    pass_id: int
    role: str
    kind: str = ACCOUNT

    @property
    def owner(self) -> str:
        return f"{self.kind}:{self.owner_id}"


ViewersBehind = Callable[[Sequence[Request]], Sequence[Viewer | None]]


@dataclass(eq=False)
class Handshake:
    """One that wants in under the name `place`, and what became of it."""

    request: Request
    place: str
    is_answered: bool = False
    viewer: Viewer | None = None
    has_place: bool = False
    problem: Exception | None = field(default=None, repr=False)


class Admission:
    def __init__(self, app: Flask, places: Places) -> None:
        self._app = app
        self._places = places
        self._turn = Patience(1)
        self._waiting: list[Handshake] = []

    def ask(self, environ: dict[str, Any], place: str) -> Handshake:
        mine = Handshake(Request(environ), place)
        self._waiting.append(mine)
        with self._turn.turn():
            if not mine.is_answered:  # nobody before had it among theirs
                self._answer()
        return mine

    def _answer(self) -> None:
        asked, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
        try:
            in_time(lambda: self._look_up(asked))
        except (SQLAlchemyError, TimeoutError) as error:
            asked, self._waiting = asked + self._waiting, []  # these have waited as long
            for one in asked:
                one.problem = error
        for one in asked:
            one.is_answered = True

    def _look_up(self, asked: Sequence[Handshake]) -> None:
        found: list[Viewer | None] = [None] * len(asked)
        for viewers_behind in known_by(self._app):
            with self._app.app_context():
                viewers = viewers_behind([one.request for one in asked])
            found = [one or other for one, other in zip(found, viewers, strict=True)]
        known = [(one, viewer) for one, viewer in zip(asked, found, strict=True) if viewer is not None]
        taken = self._places.take([(viewer.owner, one.place) for one, viewer in known])
        for (one, viewer), has_place in zip(known, taken, strict=True):
            one.viewer, one.has_place = viewer, has_place


def known_by(app: Flask) -> list[ViewersBehind]:
    """The functions that know viewers; a domain adds its own."""
    found: list[ViewersBehind] = app.extensions.setdefault(VIEWERS_BEHIND, [])
    return found


def in_time(work: Callable[[], T], patience_s: float = PATIENCE_S) -> T:
    """TimeoutError when a hung server lets `work` wait; outside gevent it may take as long as it takes."""
    if not is_green():
        return work()
    import gevent

    try:
        with gevent.Timeout(patience_s):
            return work()
    except gevent.Timeout as error:  # no Exception: so the connection that hangs is not put back for others
        raise TimeoutError("gave up waiting") from error
