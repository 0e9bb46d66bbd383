"""All that the engine asks of PostgreSQL, in a thread of its own: a database that is slow or hangs stops no frame."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from threading import Event, Thread
from time import monotonic_ns

import psycopg
import structlog
from flask import Flask
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from app.alerts.queries import breaker as stored_breaker
from app.alerts.rules.breakers import BreakerState
from app.alerts.service import report_breaker
from app.core import live
from app.core.clock import database_now
from app.core.extensions import db
from app.market.engine.sections import Sections
from app.market.engine.storing import store_section
from app.market.engine.stream import client
from app.market.queries import token_states
from app.market.queries.past import Past, past_before
from app.market.rules.breaker import Breaker
from app.market.rules.candles import EPOCH
from app.market.rules.feeds import BREAKER
from app.market.rules.ticks import TokenState
from app.market.service.storing import PositionMoved, make_days

LOOK_MS, PAUSE_MS = 25, 500
FACTS_EVERY_MS, DAYS_EVERY_MS = 1000, 600_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Facts:
    """What has to be known of the database while it may hang: tokens by mint, and the breaker as it counts."""

    tokens: Mapping[str, TokenState]
    breaker: BreakerState | None

    @cached_property
    def active(self) -> frozenset[str]:
        """Ids of active tokens, as text."""
        return frozenset(str(token.id) for token in self.tokens.values() if token.active)


def read_facts() -> Facts:
    found = Facts(token_states(), stored_breaker(BREAKER))
    db.session.rollback()
    return found


class Keeper(Thread):
    """Stores sections, reports the breaker, and brings `facts` and `past`; each is replaced whole, never changed.

    While a store is away, it is tried again from where it stood. `ended` is set when this thread can go on no more, as
    when somebody else has stored our part of the stream: then we lead no more.
    """

    def __init__(self, app: Flask, sections: Sections, facts: Facts, past: Past) -> None:
        super().__init__(name="keeper", daemon=True)
        self.facts, self.past = facts, past
        self.ended = Event()
        self._app = app
        self._sections = sections
        self._store = client()
        self._reports: deque[Breaker] = deque()
        self._ending, self._called = Event(), Event()
        self._is_troubled = False
        self._due_ms: dict[Callable[[], int], int] = {self._look: 0, self._prepare_days: 0}

    def report(self, breaker: Breaker) -> None:
        self._reports.append(breaker)

    def call(self) -> None:
        """There is something to store: best at once, while the loop has nothing to do."""
        self._called.set()

    def end(self, patience_s: int) -> bool:
        """Stores what waits, as long as that takes at most; whether everything is stored."""
        self._ending.set()
        self._called.set()
        self.join(patience_s)
        return self._sections.next is None

    def run(self) -> None:
        try:
            with self._app.app_context():
                while not (self._turn() and self._ending.is_set()):
                    self._pause()
        except PositionMoved as error:
            log.warning("overtaken", problem=str(error))
        except Exception:
            log.exception("the keeper fell")
        finally:
            self.ended.set()
            self._store.close()

    def _pause(self) -> None:
        if self._is_troubled:
            self._ending.wait(PAUSE_MS / 1000)
        else:
            self._called.wait(LOOK_MS / 1000)
        self._called.clear()

    def _turn(self) -> bool:
        """Does all that is due; False when something failed."""
        try:
            self._store_sections()
            self._send_reports()
            for task in self._due_ms:
                self._when_due(task)
        except (SQLAlchemyError, psycopg.Error, RedisError) as error:
            if not self._is_troubled:
                log.warning("the engine waits for its stores", problem=type(error).__name__, detail=str(error)[:200])
            self._is_troubled = True
            return False
        finally:
            db.session.remove()
        if self._is_troubled:
            log.info("the stores answer again")
            self._is_troubled = False
        return True

    def _store_sections(self) -> None:
        while (section := self._sections.next) is not None:
            store_section(self._store, section)
            self._sections.done()
            if section.ends_minute is not None:
                self.past = past_before(section.ends_minute)

    def _send_reports(self) -> None:
        while self._reports:
            breaker = self._reports[0]
            probe = None if breaker.probe_us is None else instant(breaker.probe_us)
            since = instant(breaker.since_us)
            report_breaker(BREAKER, breaker.state, reason=breaker.reason, next_probe_at=probe, now=since)
            live.emit("breaker.changed", {"breaker": BREAKER})
            self._reports.popleft()

    def _when_due(self, task: Callable[[], int]) -> None:
        now_ms = monotonic_ns() // 1_000_000
        if now_ms >= self._due_ms[task]:
            self._due_ms[task] = now_ms + task()

    def _look(self) -> int:
        self.facts = read_facts()
        return FACTS_EVERY_MS

    def _prepare_days(self) -> int:
        make_days(database_now())
        return DAYS_EVERY_MS


def instant(at_us: int) -> datetime:
    return EPOCH + timedelta(microseconds=at_us)
