"""The worker: it asks every domain's steps in turn to claim and do one row, for ever."""

import random
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from flask import Flask, current_app
from flask.cli import AppGroup

from app.core.extensions import db

log = structlog.get_logger(__name__)
Step = Callable[[], bool]
IDLE_S = 0.2
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0

group = AppGroup("worker", help="The process that does what is due.")


class Every:
    """A step that, having found nothing to do, asks again only after so many seconds."""

    def __init__(self, seconds: float, step: Step) -> None:
        self.__module__, self.__name__ = step.__module__, getattr(step, "__name__", "step")
        self._seconds = seconds
        self._step = step
        self._asks_at = 0.0

    def __call__(self) -> bool:
        if time.monotonic() < self._asks_at:
            return False
        worked = self._step()
        if not worked:
            self._asks_at = time.monotonic() + self._seconds
        return worked


@dataclass
class Turn:
    """A step, and until when it rests after failing."""

    step: Step
    failures: int = 0
    rests_until: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.step.__module__}.{getattr(self.step, '__name__', type(self.step).__name__)}"


def run(steps: Sequence[Step], stop: threading.Event) -> None:
    """Runs until `stop` is set; the step that is under way is finished first. A failing step never ends the loop."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # current_app is typed as Flask, and is a proxy
    turns = [Turn(step) for step in steps]
    while not stop.is_set():
        worked = False
        for turn in turns:
            if stop.is_set():
                return
            worked |= take(app, turn)
        if not worked:
            stop.wait(IDLE_S * random.uniform(0.75, 1.25))  # noqa: S311 (spreads workers, keeps no secret)


def take(app: Flask, turn: Turn) -> bool:
    if time.monotonic() < turn.rests_until:
        return False
    try:
        with app.app_context():
            worked = turn.step()
            db.session.rollback()  # what a step did not commit, it did not mean
    except Exception:
        turn.failures += 1
        pause = min(LONGEST_PAUSE_S, SHORTEST_PAUSE_S * 2 ** min(turn.failures - 1, 10))
        turn.rests_until = time.monotonic() + pause
        log.exception("step failed", step=turn.name, failures=turn.failures, again_in_s=pause)
        return False
    turn.failures = 0
    return worked


@group.command("run")
def run_command() -> None:
    """Do what is due until told to stop; any number of workers may run."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    steps: Sequence[Step] = current_app.extensions["steps"]()
    log.info("worker started", steps=[Turn(step).name for step in steps])
    run(steps, stop)
    log.info("worker stopped")


def register(app: Flask) -> None:
    app.cli.add_command(group)
