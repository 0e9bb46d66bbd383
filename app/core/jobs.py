"""The worker: it asks every domain's steps in turn to claim and do one row, for ever."""

import random
import signal
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import click
import structlog
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.core.beats import Beat, Pulse, beats
from app.core.extensions import db
from app.core.plainly import ready
from app.core.recent import recent

log = structlog.get_logger(__name__)
Step = Callable[[], bool]
IDLE_S = 0.2
PAUSES_SEEN_WITHIN_S = 2.0
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
OUTAGE_PAUSE_S = 5.0
"""Longest rest after a failure that was the database's: what is due then is due for all, and wants to go on at once."""
PASSING = ("08", "40", "53", "57", "55P03")
"""Classes of SQLSTATE that say nothing about the row: connection, conflict, resources, shutdown, and a lock not had."""
TIMED_OUT = "57014"

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
    def part(self) -> str:
        """The domain whose step it is."""
        return self.step.__module__.partition(".")[2].partition(".")[0]

    @property
    def name(self) -> str:
        return f"{self.step.__module__}.{getattr(self.step, '__name__', type(self.step).__name__)}"


def is_outage(error: BaseException) -> bool:
    """Whether it was the database that failed, and not the row: the same attempt may succeed a moment later."""
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return True  # the connection broke before the server could say anything
    return str(state).startswith(PASSING) and state != TIMED_OUT


def paused() -> Collection[str]:
    """The domains that announced work pauses now; who knows leaves it in the extensions."""
    known: Callable[[], Collection[str]] | None = current_app.extensions.get("paused")
    try:
        return recent("paused", known, fresh_s=PAUSES_SEEN_WITHIN_S) if known else ()
    except SQLAlchemyError as error:
        log.info("nothing is known to be paused", problem=type(error).__name__)
        return ()


def run(steps: Sequence[Step], stop: threading.Event, pulse: Pulse | None = None) -> None:
    """Runs until `stop` is set; the step that is under way is finished first. A failing step never ends the loop."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # current_app is typed as Flask, and is a proxy
    turns = [Turn(step) for step in steps]
    while not stop.is_set():
        worked = False
        for turn in turns:
            if stop.is_set():
                return
            if pulse:
                pulse.tell(turn.name)
            worked |= take(app, turn)
        if pulse:
            pulse.tell(None)
        if not worked:
            stop.wait(IDLE_S * random.uniform(0.75, 1.25))  # noqa: S311 (spreads workers, keeps no secret)


def take(app: Flask, turn: Turn) -> bool:
    if time.monotonic() < turn.rests_until:
        return False
    try:
        with app.app_context():
            if turn.part in paused():
                return False
            worked = turn.step()
            db.session.rollback()  # what a step did not commit, it did not mean
    except Exception as error:
        turn.failures += 1
        longest = OUTAGE_PAUSE_S if is_outage(error) else LONGEST_PAUSE_S
        pause = min(longest, SHORTEST_PAUSE_S * 2 ** min(turn.failures - 1, 10))
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
    pulse = Pulse(current_app._get_current_object())  # type: ignore[attr-defined]  # as above
    pulse.start()
    log.info("worker started", name=pulse.name, steps=[Turn(step).name for step in steps])
    run(steps, stop, pulse)
    pulse.end()
    log.info("worker stopped")


@group.command("status")
def status_command() -> None:
    """Show the workers of the last hour and what they do; ends with 1 when none is at work."""
    with ready():
        found = beats()
    for beat in found:
        click.echo(_line(beat))
    if not any(beat.is_beating for beat in found):
        click.echo("No worker is at work: start one with `flask worker run`.", err=True)
        raise SystemExit(1)


def _line(beat: Beat) -> str:
    state = "beats" if beat.is_beating else "silent" if beat.is_silent else "stopped"
    line = f"{beat.name}  {state}, last heard {beat.beat_at:%F %T} UTC, version {beat.version}"
    return f"{line}, at {beat.step} since {beat.step_began_at:%T}" if beat.step and beat.step_began_at else line


def register(app: Flask) -> None:
    app.cli.add_command(group)
