"""How the promises were kept, minute by minute and hour by hour; and when work is announced to pause."""

from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, Identity, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant


class HealthMinute(Base):
    """What was measured of one target within the minute that begins at `at`."""

    __tablename__ = "health_minutes"
    __table_args__ = (CheckConstraint("good BETWEEN 0 AND total AND total > 0", name="good_is_a_part"),)

    target: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    good: Mapped[int]
    total: Mapped[int]
    worst_ms: Mapped[int | None]


class HealthHour(Base):
    __tablename__ = "health_hours"
    __table_args__ = (CheckConstraint("good BETWEEN 0 AND total AND total > 0", name="good_is_a_part"),)

    target: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    good: Mapped[int]
    total: Mapped[int]
    worst_ms: Mapped[int | None]


class MaintenanceWindow(Base):
    """Announced work: meanwhile the worker leaves the named services alone, and their alerts are muted."""

    __tablename__ = "maintenance_windows"
    __table_args__ = (
        CheckConstraint("cardinality(services) > 0", name="names_something"),
        CheckConstraint("ends_at > starts_at", name="has_an_end"),
        CheckConstraint("length(reason) BETWEEN 1 AND 500", name="reason_fits"),
        CheckConstraint("num_nulls(ended_at, ended_by) IN (0, 2)", name="ended_is_whole"),
        Index("ix_maintenance_windows_ends_at", "ends_at", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    services: Mapped[list[str]] = mapped_column(ARRAY(Text))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str]
    announced_by: Mapped[str]
    announced_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None]
