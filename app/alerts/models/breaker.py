"""Breakers, and every state one was ever in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.alerts.models.alert import listed
from app.alerts.rules.breakers import STATES
from app.core.database import Base, Instant


class Breaker(Base):
    """Keeps things from being decided while they would be decided wrongly. A forced state counts until it expires."""

    __tablename__ = "breakers"
    __table_args__ = (
        CheckConstraint("name ~ '^[a-z][a-z_]*$'", name="name_is_a_word"),
        CheckConstraint(f"computed IN ({listed(STATES)})", name="computed_known"),
        CheckConstraint(f"forced IN ({listed(STATES)})", name="forced_known"),
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
        CheckConstraint(f"to_state IN ({listed(STATES)})", name="to_state_known"),
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
