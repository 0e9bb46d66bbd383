"""Whether anybody looks at the rules: the watch beats, and its own silence hides no alert."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.alerts.models import AlertWatch
from app.core.extensions import db

SILENT_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class WatchState:
    """`beat_at` is None while it never beat; `problem` names the rules that could not be looked at."""

    beat_at: datetime | None
    rules: int
    problem: str | None
    is_silent: bool


def watch_state() -> WatchState:
    late = AlertWatch.beat_at < func.clock_timestamp() - SILENT_AFTER
    row = db.session.execute(select(AlertWatch.beat_at, AlertWatch.rules, AlertWatch.problem, late)).one_or_none()
    return WatchState(None, 0, None, True) if row is None else WatchState(*row)
