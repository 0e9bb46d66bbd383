"""Screens on the wall: what they may ask and tell over their socket."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app

from app.core.admission import SCREEN
from app.core.errors import Refusal
from app.core.events import Asking, ended, event
from app.core.extensions import sockets
from app.wall.live.pulse import Heart
from app.wall.rules.reports import report_of
from app.wall.service.reporting import note_report

heart = Heart()


@event("watch", allow="wall:board:read", rate="10 per minute")
def watch(asking: Asking, _facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """From now on the screen hears a pulse every second; the answer is the first."""
    if asking.viewer.kind != SCREEN:
        raise Refusal("This is no screen.", "Open the link of a screen.")
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # current_app is typed as Flask, and is a proxy
    first = heart.add(app, asking.peer, asking.viewer)
    if not heart.beats:
        heart.beats = True
        sockets.start_background_task(heart.run, app)
    return first


@event("report", allow="wall:board:report", rate="20 per minute")
def report(asking: Asking, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    if asking.viewer.kind == SCREEN:
        note_report(asking.viewer.owner_id, report_of(facts))
    return {}


@ended
def forget(peer: str) -> None:
    heart.discard(peer)
