"""Who came by whom, and what looks wrong about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Document, Instant
from app.referrals.rules.life import REFERRAL_STATES, quoted
from app.referrals.rules.risk import RESOLUTIONS, SIGNALS


class Referral(Base):
    """One for each referred person, for ever. It counts in `period_id` while it is qualified and its risk is 0.

    `next_look_at` is when its risk is looked at, or when it expires, whichever comes first.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        UniqueConstraint("referred_id"),
        CheckConstraint("referrer_id <> referred_id", name="never_oneself"),
        CheckConstraint(f"state IN ({quoted(REFERRAL_STATES)})", name="state_known"),
        CheckConstraint("(state IN ('qualified', 'rewarded')) <= (qualified_at IS NOT NULL)", name="qualified_when"),
        CheckConstraint("num_nulls(qualified_at, contest_id, period_id) IN (0, 3)", name="qualified_by_something"),
        CheckConstraint("(state = 'rewarded') = (rewarded_at IS NOT NULL)", name="rewarded_when"),
        CheckConstraint(
            "(state = 'rejected') = (rejected_at IS NOT NULL)"
            " AND (state = 'rejected') = (coalesce(length(rejected_reason), 0) > 0)",
            name="rejected_when_and_why",
        ),
        CheckConstraint("risk >= 0", name="risk_not_negative"),
        Index("ix_referrals_referrer_id_id", "referrer_id", "id"),
        Index("ix_referrals_code_id_id", "code_id", "id"),
        Index("ix_referrals_code_id_signed_up_at", "code_id", "signed_up_at"),
        Index("ix_referrals_state_id", "state", "id"),
        Index("ix_referrals_contest_id", "contest_id", postgresql_where=text("contest_id IS NOT NULL")),
        Index("ix_referrals_due", "next_look_at",
              postgresql_where=text("next_look_at IS NOT NULL AND dead_at IS NULL")),
        Index("ix_referrals_dead", "id", postgresql_where=text("dead_at IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    referrer_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    referred_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    code_id: Mapped[int] = mapped_column(ForeignKey("referral_codes.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("referral_programmes.id"))
    click_id: Mapped[UUID] = mapped_column(Uuid)
    clicked_at: Mapped[datetime] = mapped_column(Instant)
    source: Mapped[str]
    campaign: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="pending")
    signed_up_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    signup_period_id: Mapped[int | None] = mapped_column(ForeignKey("referral_periods.id"))
    qualified_at: Mapped[datetime | None] = mapped_column(Instant)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id"))
    period_id: Mapped[int | None] = mapped_column(ForeignKey("referral_periods.id"))
    rewarded_at: Mapped[datetime | None] = mapped_column(Instant)
    rejected_at: Mapped[datetime | None] = mapped_column(Instant)
    rejected_reason: Mapped[str | None]
    risk: Mapped[int] = mapped_column(server_default="0")
    """Σ weights of its signals that nobody has cleared."""
    looked_at: Mapped[datetime | None] = mapped_column(Instant)
    next_look_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None]
    dead_at: Mapped[datetime | None] = mapped_column(Instant)


class RiskSignal(Base):
    """One thing that looks wrong about one referral, with the facts it was seen by. `person_id` is the referrer."""

    __tablename__ = "risk_signals"
    __table_args__ = (
        UniqueConstraint("referral_id", "kind"),
        CheckConstraint(f"kind IN ({quoted(tuple(SIGNALS))})", name="kind_known"),
        CheckConstraint("weight BETWEEN 1 AND 3", name="weight_in_range"),
        CheckConstraint(f"resolution IN ({quoted(RESOLUTIONS)})", name="resolution_known"),
        CheckConstraint(
            "num_nulls(resolution, resolved_at, resolved_by, resolved_note) IN (0, 4)", name="resolution_is_whole"
        ),
        Index("ix_risk_signals_open", "person_id", "kind", "id", postgresql_where=text("resolution IS NULL")),
        Index("ix_risk_signals_person_id_id", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str]
    weight: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(Document)
    noted_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    resolution: Mapped[str | None]
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_by: Mapped[str | None]
    resolved_note: Mapped[str | None]


class QualifyingContest(Base):
    """Written by the database when a contest becomes paid: its entries may qualify referrals. The row is the job."""

    __tablename__ = "qualifying_contests"
    __table_args__ = (
        Index("ix_qualifying_contests_due", "next_try_at",
              postgresql_where=text("next_try_at IS NOT NULL AND dead_at IS NULL")),
    )  # fmt: skip

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True, autoincrement=False)
    paid_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_try_at: Mapped[datetime | None] = mapped_column(Instant, server_default=func.clock_timestamp())
    last_error: Mapped[str | None]
    dead_at: Mapped[datetime | None] = mapped_column(Instant)
