"""Runs the sources of the market's leader, each in a thread of its own, and starts again those that fall."""

import asyncio
import random
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict
from time import monotonic_ns, time_ns

import orjson
import structlog
from flask import Flask, current_app
from redis import RedisError

from app.core.extensions import valkey
from app.market.queries.listings import Listing, addressed_tokens, listed_tokens
from app.market.queries.source_states import KEY, SourceState
from app.market.rules.ticks import GivenTick
from app.market.sources.kept import Kept
from app.market.sources.naming import ADDRESSED
from app.market.sources.port import NotTaken, Outlet, Source, Take, Trouble

LOOK_S_PARTS = 20
"""A stop is noticed within a twentieth of a second."""
FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 500, 60_000
LONGEST_PAUSE_OF_OURS_MS = 2_000
"""When we could not take ticks, asking again costs nobody anything."""
STEADY_MS = 60_000
"""A source that ran so long without falling starts again as if for the first time."""
JOIN_S = 1
TOLD_EVERY_S, TOLD_FOR_S = 1, 5

Context = Callable[[], AbstractContextManager[object]]

log = structlog.get_logger(__name__)


class Runner(threading.Thread):
    """One source at work until `stop` is set."""

    def __init__(self, source: Source, outlet: Outlet, stop: threading.Event, context: Context) -> None:
        super().__init__(name=f"source-{source.name}", daemon=True)
        self.source, self.outlet = source, outlet
        self._stop_asked, self._context = stop, context
        self._state = "running"
        self._trouble: str | None = None
        self._failures = 0
        self._next_try_at_us: int | None = None

    def run(self) -> None:
        with self._context():
            while not self._stop_asked.is_set() and self._state != "ended":
                pause_ms = self._once()
                if pause_ms is not None:
                    self._wait(pause_ms)
        if self._state != "ended":
            self._state = "stopped"

    def state(self) -> SourceState:
        outlet = self.outlet
        return SourceState(
            self.source.name, self._state, outlet.given, dict(outlet.refused), self._failures, outlet.last_tick_at_us,
            self._trouble, self._next_try_at_us,
        )  # fmt: skip

    def _once(self) -> int | None:
        """Runs the source until it falls, ends or is stopped; returns how long to wait before the next try."""
        begun_ns, given = monotonic_ns(), self.outlet.given
        self._state, self._next_try_at_us = "running", None
        try:
            ended = asyncio.run(self._until_stopped())
        except Trouble as trouble:
            pause_ms = pause(self._failures, LONGEST_PAUSE_MS)
            return self._fell(str(trouble), max(pause_ms, 1000 * (trouble.retry_s or 0)), begun_ns, given)
        except NotTaken as trouble:
            return self._fell(f"ticks not taken: {trouble}", pause(0, LONGEST_PAUSE_OF_OURS_MS), begun_ns, given)
        except Exception as error:
            log.exception("source fell", source=self.source.name)
            return self._fell(type(error).__name__, pause(self._failures, LONGEST_PAUSE_MS), begun_ns, given)
        if ended:
            self._state = "ended"
            log.info("source ended", source=self.source.name)
        return None

    async def _until_stopped(self) -> bool:
        """True when the source has no more ticks. Raises what it raised."""
        work = asyncio.ensure_future(self.source.run(self.outlet))
        while not self._stop_asked.is_set():
            done, _ = await asyncio.wait({work}, timeout=1 / LOOK_S_PARTS)
            if done:
                work.result()
                return True
        work.cancel()
        with suppress(asyncio.CancelledError, Trouble, NotTaken):
            await work
        return False

    def _fell(self, words: str, pause_ms: int, begun_ns: int, given: int) -> int:
        steady = self.outlet.given > given and (monotonic_ns() - begun_ns) // 1_000_000 >= STEADY_MS
        self._failures = 1 if steady else self._failures + 1
        if words != self._trouble:
            log.warning("source in trouble", source=self.source.name, trouble=words, again_in_ms=pause_ms)
        self._trouble = words
        return pause_ms

    def _wait(self, pause_ms: int) -> None:
        self._state = "waiting"
        self._next_try_at_us = time_ns() // 1000 + pause_ms * 1000
        self._stop_asked.wait(pause_ms / 1000)


def pause(failures: int, longest_ms: int) -> int:
    """Full jitter: anything from a tenth of the first pause up to a limit that doubles with every failure."""
    limit = min(longest_ms, FIRST_PAUSE_MS * 2 ** min(failures, 10))
    return random.randint(FIRST_PAUSE_MS // 10, limit)  # noqa: S311 (spreads tries, keeps no secret)


class Running:
    """The sources at work. What they say after `stop` was set is dropped, not taken."""

    def __init__(self, runners: Sequence[Runner], stop: threading.Event, context: Context) -> None:
        self._runners = tuple(runners)
        self._stop_asked, self._context = stop, context
        self._teller = threading.Thread(target=self._tell, name="source-states", daemon=True)

    def start(self) -> None:
        for thread in (*self._runners, self._teller):
            thread.start()

    def states(self) -> tuple[SourceState, ...]:
        return tuple(runner.state() for runner in self._runners)

    def join(self) -> None:
        """Waits for what is under way, together at most JOIN_S; call it after `stop` was set."""
        until_ns = monotonic_ns() + JOIN_S * 1_000_000_000
        for thread in (*self._runners, self._teller):
            thread.join(max(0, until_ns - monotonic_ns()) / 1_000_000_000)

    def _tell(self) -> None:
        """Other processes learn the states through Valkey; without it they learn nothing, and prices go on."""
        with self._context():
            while not self._stop_asked.is_set():
                told = orjson.dumps([asdict(state) for state in self.states()])
                with suppress(RedisError):
                    valkey().set(KEY, told, ex=TOLD_FOR_S)
                self._stop_asked.wait(TOLD_EVERY_S)


def start(sources: Sequence[Source], take: Take, stop: threading.Event) -> Running:
    """Starts them all. `take` is called from their threads, inside an app context; it may raise, and is tried again."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # current_app is typed as Flask, and is a proxy

    def take_until_stopped(ticks: list[GivenTick]) -> None:
        if not stop.is_set():
            take(ticks)

    runners = [
        Runner(source, Outlet(take_until_stopped, Kept(_listings(source.name), app.app_context)), stop, app.app_context)
        for source in sources
    ]
    running = Running(runners, stop, app.app_context)
    running.start()
    return running


def _listings(source: str) -> Callable[[], Sequence[Listing]]:
    tokens = addressed_tokens if source in ADDRESSED else listed_tokens
    return lambda: tokens(source)
