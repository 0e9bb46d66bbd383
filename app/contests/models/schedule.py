"""Contests to come: their terms kept as templates, when they start, and which start has its contest."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Document, Instant


class ContestTemplate(Base):
    """`terms` are those of a contest, without code, name and times; `code` begins the codes of its contests."""

    __tablename__ = "contest_templates"
    __table_args__ = (
        CheckConstraint("code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'", name="code_fits_a_url"),
        CheckConstraint("length(name) BETWEEN 1 AND 150", name="name_fits"),
        CheckConstraint("length_s BETWEEN 60 AND 2678400", name="length_in_range"),
        CheckConstraint("cardinality(tokens) > 0", name="has_tokens"),
        Index("uq_contest_templates_code", text("lower(code)"), unique=True),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    length_s: Mapped[int]
    tokens: Mapped[list[str]] = mapped_column(ARRAY(Text))
    terms: Mapped[dict[str, Any]] = mapped_column(Document)
    version: Mapped[int] = mapped_column(server_default="1")
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())


class ContestSchedule(Base):
    """Week days (Monday is 1) and a local time at which contests of a template start."""

    __tablename__ = "contest_schedules"
    __table_args__ = (
        CheckConstraint("cardinality(weekdays) > 0 AND weekdays <@ '{1,2,3,4,5,6,7}'", name="weekdays_known"),
        CheckConstraint("num_nulls(paused_at, paused_because) IN (0, 2)", name="paused_is_whole"),
        Index("ix_contest_schedules_template_id", "template_id"),
        Index("ix_contest_schedules_due", "next_starts_at", postgresql_where=text("paused_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("contest_templates.id"))
    zone: Mapped[str]
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    local_time: Mapped[time]
    next_starts_at: Mapped[datetime] = mapped_column(Instant)
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    paused_because: Mapped[str | None]
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())


class ScheduledContest(Base):
    """The contest of one start: the database takes one, however many workers there are."""

    __tablename__ = "scheduled_contests"
    __table_args__ = (UniqueConstraint("contest_id"),)

    schedule_id: Mapped[int] = mapped_column(ForeignKey("contest_schedules.id"), primary_key=True, autoincrement=False)
    starts_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
