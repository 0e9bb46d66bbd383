"""Alerts, breakers, and every state a breaker was ever in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.alerts.rules.alerts import SEVERITIES
from app.alerts.rules.alerts import STATES as ALERT_STATES
from app.alerts.rules.breakers import STATES
from app.core.database import Base, Instant


def _words(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


class Breaker(Base):
    """Keeps things from being decided while they would be decided wrongly. A forced state counts until it expires."""

    __tablename__ = "breakers"
    __table_args__ = (
        CheckConstraint("name ~ '^[a-z][a-z_]*$'", name="name_is_a_word"),
        CheckConstraint(f"computed IN ({_words(STATES)})", name="computed_known"),
        CheckConstraint(f"forced IN ({_words(STATES)})", name="forced_known"),
        CheckConstraint(
            "num_nulls(forced, forced_reason, forced_by, forced_at, forced_until) IN (0, 5)", name="forced_is_whole"
        ),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    computed: Mapped[str]
    computed_reason: Mapped[str | None]
    computed_at: Mapped[datetime] = mapped_column(Instant)
    next_probe_at: Mapped[datetime | None] = mapped_column(Instant)
    forced: Mapped[str | None]
    forced_reason: Mapped[str | None]
    forced_by: Mapped[str | None]
    forced_at: Mapped[datetime | None] = mapped_column(Instant)
    forced_until: Mapped[datetime | None] = mapped_column(Instant)


class BreakerTransition(Base):
    """One change of the computed or of the forced state; a forced state that ends goes to None. Never changes."""

    __tablename__ = "breaker_transitions"
    __table_args__ = (
        CheckConstraint("kind IN ('computed', 'forced')", name="kind_known"),
        CheckConstraint(f"to_state IN ({_words(STATES)})", name="to_state_known"),
        CheckConstraint("(kind = 'forced' AND to_state IS NOT NULL) = (until IS NOT NULL)", name="forced_has_an_end"),
        CheckConstraint("kind = 'forced' OR to_state IS NOT NULL", name="computed_has_a_state"),
        Index("ix_breaker_transitions_at", "breaker", "kind", "at"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    breaker: Mapped[str] = mapped_column(ForeignKey("breakers.name"))
    kind: Mapped[str]
    from_state: Mapped[str | None]
    to_state: Mapped[str | None]
    reason: Mapped[str | None]
    by: Mapped[str]
    until: Mapped[datetime | None] = mapped_column(Instant)
    at: Mapped[datetime] = mapped_column(Instant)


class Alert(Base):
    """Something that is wrong, told once or often (`count`); `fingerprint` says what is the same."""

    __tablename__ = "alerts"
    __table_args__ = (
        CheckConstraint(f"state IN ({_words(ALERT_STATES)})", name="state_known"),
        CheckConstraint(f"severity IN ({_words(SEVERITIES)})", name="severity_known"),
        CheckConstraint("(state = 'resolved') = (resolved_at IS NOT NULL)", name="resolved_has_its_time"),
        CheckConstraint("count > 0 AND last_seen_at >= first_seen_at", name="was_seen"),
        Index("ix_alerts_open", "fingerprint", unique=True, postgresql_where=text("resolved_at IS NULL")),
        Index("ix_alerts_last_seen_at", text("last_seen_at DESC"), text("id DESC")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    fingerprint: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="firing")
    severity: Mapped[str]
    subject: Mapped[str]
    what: Mapped[str]
    next_step: Mapped[str]
    count: Mapped[int] = mapped_column(server_default="1")
    first_seen_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    last_seen_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by: Mapped[str | None]
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_by: Mapped[str | None]
