"""Screens that are off, frozen or lying are told of, and so is their recovery."""

from app.core import live
from app.core.jobs import Every
from app.wall.service import reporting

LOOK_EVERY_S = 5


def watch_screens() -> bool:
    if not reporting.note_troubles():
        return False
    live.emit("alert.changed", {})
    live.emit("screen.changed", {})
    return True


STEPS = (Every(LOOK_EVERY_S, watch_screens),)
