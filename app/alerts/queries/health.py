"""What the page of services shows: how each stood over a while, and how every promise was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from app.alerts.models import Alert, HealthHour, MaintenanceWindow
from app.alerts.queries.budgets import Hour, hours, shares
from app.alerts.rules.bands import Stretch, band, unwatched
from app.alerts.rules.services import SERVICES
from app.alerts.rules.targets import MILLION, TARGETS, Share, Target, budget_left_ppm, promises
from app.core.clock import database_now
from app.core.extensions import db, settings

SPANS: Mapping[str, timedelta] = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "90d": timedelta(days=90)}
DAY_MIN, WEEK_MIN = 24 * 60, 7 * 24 * 60
MOST = 2000
ALWAYS_MEASURED = "market.uptime"
"""Measured by every round of a worker, whatever happens: an hour without it is one in which nobody looked."""


@dataclass(frozen=True)
class Tile:
    """`value_ppm` is None while nothing was measured in the last day; `left_ppm` what the week left of the budget."""

    target: Target
    promise_ppm: int
    limit: int | None
    day: Share
    value_ppm: int | None
    left_ppm: int | None
    worst_ms: int | None
    hours: Sequence[Hour]

    @property
    def is_kept(self) -> bool:
        return self.value_ppm is None or self.value_ppm >= self.promise_ppm

    @property
    def percent(self) -> Decimal | None:
        return None if self.value_ppm is None else Decimal(self.value_ppm) / 10_000


@dataclass(frozen=True)
class Bands:
    """`now` is each service's state at this moment."""

    start: datetime
    end: datetime
    of: Mapping[str, Sequence[Stretch]]

    @property
    def now(self) -> Mapping[str, str]:
        return {name: stretches[-1].state for name, stretches in self.of.items()}


def tiles() -> Sequence[Tile]:
    """In the order of the targets."""
    promised, kept, by_hour = promises(settings().health_promises), shares([DAY_MIN, WEEK_MIN]), hours()
    return [
        _tile(target, promised[name], kept.get(name, {}), by_hour.get(name, ())) for name, target in TARGETS.items()
    ]


def _tile(target: Target, promise_ppm: int, kept: Mapping[int, Share], by_hour: Sequence[Hour]) -> Tile:
    day, week = kept.get(DAY_MIN, Share(0, 0)), kept.get(WEEK_MIN, Share(0, 0))
    return Tile(
        target, promise_ppm, getattr(settings(), target.limit) if target.limit else None, day,
        day.good * MILLION // day.total if day.total else None, budget_left_ppm(week, promise_ppm),
        max((one.worst_ms for one in by_hour if one.worst_ms is not None), default=None), by_hour,
    )  # fmt: skip


def bands(span: timedelta) -> Bands:
    """From the alerts of each service, announced work, and the hours in which somebody looked."""
    end = database_now()
    start = end - span
    lasted = (Alert.first_seen_at < end, func.coalesce(Alert.resolved_at, end) > start, Alert.severity != "info")
    alerts = select(Alert.service, Alert.severity, Alert.first_seen_at, func.coalesce(Alert.resolved_at, end))
    newest = (Alert.resolved_at.desc(), Alert.id.desc())  # open ones first: of more than fit, the oldest are left out
    facts: dict[str, list[Stretch]] = {name: [] for name in SERVICES}
    for service, severity, since, until in db.session.execute(alerts.where(*lasted).order_by(*newest).limit(MOST)):
        facts[service].append(Stretch(severity, since, until))
    _add_maintenance(facts, start, end)
    looked = (HealthHour.target == ALWAYS_MEASURED, HealthHour.at > start - timedelta(hours=1))
    watched = db.session.scalars(select(HealthHour.at).where(*looked).order_by(HealthHour.at))
    dark = unwatched(list(watched), start, end)
    return Bands(start, end, {name: band([*mine, *dark], start, end) for name, mine in facts.items()})


def _add_maintenance(facts: dict[str, list[Stretch]], start: datetime, end: datetime) -> None:
    ends_at = func.coalesce(MaintenanceWindow.ended_at, MaintenanceWindow.ends_at)
    found = select(MaintenanceWindow.services, MaintenanceWindow.starts_at, ends_at)
    for services, since, until in db.session.execute(found.where(MaintenanceWindow.starts_at < end, ends_at > start)):
        for name in services:
            facts[name].append(Stretch("maintenance", since, until))
