"""Alerts, the silences that hide some, and conditions that have not lasted long enough to be one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.alerts.rules.alerts import SEVERITIES, STATES
from app.core.database import Base, Instant


def listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


class Alert(Base):
    """Something that is wrong, told once or often (`count`); `fingerprint` says what is the same."""

    __tablename__ = "alerts"
    __table_args__ = (
        CheckConstraint(f"state IN ({listed(STATES)})", name="state_known"),
        CheckConstraint(f"severity IN ({listed(SEVERITIES)})", name="severity_known"),
        CheckConstraint("(state = 'resolved') = (resolved_at IS NOT NULL)", name="resolved_has_its_time"),
        CheckConstraint("count > 0 AND last_seen_at >= first_seen_at", name="was_seen"),
        Index("ix_alerts_open", "fingerprint", unique=True, postgresql_where=text("resolved_at IS NULL")),
        CheckConstraint("state <> 'acknowledged' OR acknowledged_until IS NOT NULL", name="acknowledged_has_an_end"),
        CheckConstraint("num_nulls(snoozed_until, snoozed_by) IN (0, 2)", name="snoozed_is_whole"),
        Index("ix_alerts_last_seen_at", text("last_seen_at DESC"), text("id DESC")),
        Index("ix_alerts_resolved_at", text("resolved_at DESC"), text("id DESC")),
        Index("ix_alerts_told", "id", postgresql_where=text("told_at IS NOT NULL")),
        Index("ix_alerts_service", "service", text("first_seen_at DESC")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    fingerprint: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="firing")
    severity: Mapped[str]
    subject: Mapped[str]
    what: Mapped[str]
    next_step: Mapped[str]
    service: Mapped[str]
    link: Mapped[str | None]
    """The page of what is wrong, where it is more than the kind's."""
    count: Mapped[int] = mapped_column(server_default="1")
    first_seen_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    last_seen_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by: Mapped[str | None]
    acknowledged_until: Mapped[datetime | None] = mapped_column(Instant)
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_by: Mapped[str | None]
    assigned_to: Mapped[str | None]
    snoozed_until: Mapped[datetime | None] = mapped_column(Instant)
    snoozed_by: Mapped[str | None]
    told_at: Mapped[datetime | None] = mapped_column(Instant)
    """When those who listen were told that it fires; None while nobody was, or since it fires again."""


class AlertCondition(Base):
    """What a rule found wrong: it becomes an alert when it lasts, and the alert ends when it was right for a while."""

    __tablename__ = "alert_conditions"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    rule: Mapped[str]
    """Who found it: only when that one was looked at again may it be right again."""
    wrong_at: Mapped[datetime] = mapped_column(Instant)
    recovery_s: Mapped[int]
    right_at: Mapped[datetime | None] = mapped_column(Instant)


class Silence(Base):
    """Hides the open alerts it matches until it ends; whatever of the three is None matches all."""

    __tablename__ = "silences"
    __table_args__ = (
        CheckConstraint("num_nonnulls(service, severity, words) > 0", name="matches_something"),
        CheckConstraint(f"severity IN ({listed(SEVERITIES)})", name="severity_known"),
        CheckConstraint("length(reason) BETWEEN 1 AND 500", name="reason_fits"),
        CheckConstraint("length(words) BETWEEN 1 AND 100 AND words = lower(words)", name="words_fit"),
        CheckConstraint("ends_at > made_at", name="has_an_end"),
        CheckConstraint("num_nulls(ended_at, ended_by) IN (0, 2)", name="ended_is_whole"),
        Index("ix_silences_ends_at", "ends_at", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    service: Mapped[str | None]
    severity: Mapped[str | None]
    words: Mapped[str | None]
    reason: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    ends_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None]


class AlertWatch(Base):
    """One row: the beat of the round in which rules are looked at, so that its own silence is seen."""

    __tablename__ = "alert_watch"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    beat_at: Mapped[datetime] = mapped_column(Instant)
    rules: Mapped[int]
    measured_at: Mapped[datetime | None] = mapped_column(Instant)
    problem: Mapped[str | None]


class AlertNews(Base):
    """That an alert fires or is over, until whoever tells other programs and people has taken it."""

    __tablename__ = "alert_news"
    __table_args__ = (CheckConstraint("event IN ('fired', 'resolved')", name="event_known"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))
    event: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
