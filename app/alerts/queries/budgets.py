"""How the promises were kept: by target over windows, hour by hour, and whether a budget burns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app.alerts.models import AlertWatch, HealthHour, HealthMinute
from app.alerts.rules.targets import SECONDS, TARGETS, WINDOWS, Share, Target, Window, is_burning, promises, whole
from app.core.extensions import db, settings

NOW = func.clock_timestamp()
DAY = timedelta(hours=24)
MINUTES_KEPT = 24 * 60


@dataclass(frozen=True)
class Hour:
    at: datetime
    good: int
    total: int
    worst_ms: int | None


@dataclass(frozen=True)
class Burning:
    target: Target
    window: Window
    long: Share
    short: Share


def shares(minutes: Sequence[int]) -> Mapping[str, Mapping[int, Share]]:
    """By target, what was good of how much in the last so many minutes; up to a day by minutes, longer by hours."""
    found: dict[str, dict[int, Share]] = {}
    short, long = [span for span in minutes if span <= MINUTES_KEPT], [span for span in minutes if span > MINUTES_KEPT]
    for table, wanted in ((HealthMinute, short), (HealthHour, long)):
        if not wanted:
            continue
        columns: list[Any] = []
        for span in wanted:
            within = table.at > NOW - timedelta(minutes=span)
            columns += [func.coalesce(func.sum(one).filter(within), 0) for one in (table.good, table.total)]
        rows = select(table.target, *columns).where(table.at > NOW - timedelta(minutes=max(wanted)))
        for target, *numbers in db.session.execute(rows.group_by(table.target)):
            mine = found.setdefault(target, {})
            for index, span in enumerate(wanted):
                mine[span] = Share(int(numbers[2 * index]), int(numbers[2 * index + 1]))
    return found


def burning() -> Sequence[Burning]:
    """The worst window of each target whose budget burns."""
    promised = promises(settings().health_promises)
    measured = shares(sorted({span for window in WINDOWS for span in (window.long_min, window.short_min)}))
    found = []
    for name, spans in measured.items():
        for window in WINDOWS:
            none = Share(0, 0)
            long, short = spans.get(window.long_min, none), spans.get(window.short_min, none)
            if name in TARGETS and TARGETS[name].unit == SECONDS:
                long, short = whole(long, window.long_min), whole(short, window.short_min)
            if name in promised and is_burning(window, long, short, promised[name]):
                found.append(Burning(TARGETS[name], window, long, short))
                break
    return found


def hours() -> Mapping[str, Sequence[Hour]]:
    """By target, the hours of the last day in which something was measured, the oldest first."""
    rows = select(HealthHour.target, HealthHour.at, HealthHour.good, HealthHour.total, HealthHour.worst_ms)
    found: dict[str, list[Hour]] = {}
    chosen = rows.where(HealthHour.at > NOW - DAY).order_by(HealthHour.target, HealthHour.at)
    for target, at, good, total, worst_ms in db.session.execute(chosen):
        found.setdefault(target, []).append(Hour(at, good, total, worst_ms))
    return found


def measured_until() -> tuple[datetime | None, datetime]:
    """Up to when everything is counted, and now."""
    row = db.session.execute(select(select(AlertWatch.measured_at).scalar_subquery(), NOW)).one()
    return row[0], row[1]
