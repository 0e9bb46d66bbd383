"""The watch: every few seconds all rules of all domains are looked at. One that cannot be stops no other."""

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from flask import current_app
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from app.alerts import service
from app.alerts.queries import alert_counts, breaker
from app.alerts.rules.breakers import GUARDS
from app.alerts.rules.found import Found
from app.core import live
from app.core.clock import database_now
from app.core.extensions import db
from app.core.formats import server_now
from app.core.jobs import is_outage
from app.core.metrics import Gauge

log = structlog.get_logger(__name__)
Rule = Callable[[], Sequence[Found]]
OPEN = Gauge("alerts_open", "Alerts that fire and that nobody looks after, by how bad they are.", ("severity",))
BREAKER = Gauge("breaker_open", "1 while the breaker counts as open, half-open included.", ("breaker",))


class Watch:
    """Remembers since when the database is away, which can be told only when it is back."""

    def __init__(self) -> None:
        self.lost_at: datetime | None = None

    def __call__(self) -> bool:
        """Never has anything left to do: the next round comes by itself."""
        try:
            database_now()
        except SQLAlchemyError as error:
            self._lose(error)
            return False
        db.session.rollback()
        self._tell_outage()
        found, problems = looked_at(current_app.extensions["watched"]("RULES"))
        problem = f"{', '.join(problems)} could not be looked at" if problems else None
        if service.take_round(found, rules=len(found) + len(problems), problem=problem):
            live.emit("alert.changed", {})
        show_metrics()
        return False

    def _lose(self, error: SQLAlchemyError) -> None:
        if not is_outage(error):
            raise error
        if self.lost_at is None:
            self.lost_at = server_now()
            log.error("the database is away", problem=type(error).__name__)
        live.emit("alert.changed", {})

    def _tell_outage(self) -> None:
        if self.lost_at is not None:
            service.note_outage("database", self.lost_at, database_now())
            self.lost_at = None
            live.emit("alert.changed", {})


def looked_at(rules: Sequence[Rule]) -> tuple[dict[str, Sequence[Found]], list[str]]:
    """What each rule found, and the names of those that could not be looked at."""
    found: dict[str, Sequence[Found]] = {}
    problems = []
    for rule in rules:
        name = f"{rule.__module__.split('.')[1]}.{rule.__name__}"
        try:
            found[name] = list(rule())
        except (SQLAlchemyError, RedisError, OSError) as error:
            log.exception("rule not looked at", rule=name)
            problems.append(name)
            if isinstance(error, SQLAlchemyError):
                db.session.rollback()
    db.session.rollback()
    return found, problems


def show_metrics() -> None:
    """What is open now, for whoever watches from outside."""
    counts = alert_counts()
    OPEN.set(counts.critical, severity="critical")
    OPEN.set(counts.warning, severity="warning")
    for name in GUARDS:
        now = breaker(name)
        BREAKER.set(int(now is None or now.is_open), breaker=name)


def write_news() -> bool:
    return service.write_news() > 0
