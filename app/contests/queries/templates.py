"""Templates and their schedules, with the starts to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.contests.models import ContestSchedule, ContestTemplate
from app.contests.rules.schedule import WEEKDAYS, Rhythm, starts_after
from app.core.clock import database_now
from app.core.extensions import db

FORESEEN = 10


@dataclass(frozen=True)
class TemplateLine:
    id: int
    name: str
    code: str
    length_s: int
    made_by: str
    made_at: datetime
    schedules: int
    next_starts_at: datetime | None


@dataclass(frozen=True)
class TemplateFacts:
    id: int
    version: int
    name: str
    code: str
    length_s: int
    tokens: Sequence[str]
    terms: dict[str, Any]


@dataclass(frozen=True)
class Start:
    at: datetime
    local: str


@dataclass(frozen=True)
class ScheduleLine:
    """`paused_because` is None while it runs."""

    id: int
    zone: str
    days: str
    local_time: str
    paused_because: str | None
    starts: Sequence[Start]


def templates() -> Sequence[TemplateLine]:
    row, schedule = ContestTemplate, ContestSchedule
    running = schedule.paused_at.is_(None)
    wanted: Any = (
        select(
            row.id, row.name, row.code, row.length_s, row.made_by, row.made_at, func.count(schedule.id),
            func.min(schedule.next_starts_at).filter(running),
        )
        .outerjoin(schedule, schedule.template_id == row.id)
        .group_by(row.id)
        .order_by(func.lower(row.name), row.id)
    )  # fmt: skip
    return [TemplateLine(*found) for found in db.session.execute(wanted)]


def template_by_id(template_id: int) -> TemplateFacts | None:
    row = db.session.get(ContestTemplate, template_id)
    if row is None:
        return None
    return TemplateFacts(row.id, row.version, row.name, row.code, row.length_s, row.tokens, row.terms)


def schedules_of(template_id: int) -> Sequence[ScheduleLine]:
    now = database_now()
    wanted = select(ContestSchedule).where(ContestSchedule.template_id == template_id).order_by(ContestSchedule.id)
    return [_line(row, now) for row in db.session.scalars(wanted)]


def _line(row: ContestSchedule, now: datetime) -> ScheduleLine:
    zone = ZoneInfo(row.zone)
    starts = starts_after(Rhythm(row.zone, row.weekdays, row.local_time), now, FORESEEN)
    every_day = len(row.weekdays) == len(WEEKDAYS)
    return ScheduleLine(
        row.id, row.zone, "every day" if every_day else ", ".join(WEEKDAYS[day] for day in row.weekdays),
        f"{row.local_time:%H:%M}", row.paused_because,
        [Start(at, f"{at.astimezone(zone):%a %Y-%m-%d %H:%M %Z}") for at in starts],
    )  # fmt: skip
