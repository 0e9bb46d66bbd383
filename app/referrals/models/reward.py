"""What referrals earn."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant, Lamports
from app.referrals.rules.life import CAUSES, KINDS, REWARD_STATES, quoted

ENTITLEMENT = (
    "CASE cause WHEN 'milestone' THEN ((('milestone:'::text || person_id) || ':'::text) || milestone) "
    "WHEN 'place' THEN ((('place:'::text || period_id) || ':'::text) || person_id) "
    "ELSE ((cause || ':'::text) || referral_id) END"
)


class Reward(Base):
    """One amount for one person, earned once. It is held, then a payout is planned for it."""

    __tablename__ = "rewards"
    __table_args__ = (
        CheckConstraint(f"kind IN ({quoted(KINDS)})", name="kind_known"),
        CheckConstraint(f"cause IN ({quoted(CAUSES)})", name="cause_known"),
        CheckConstraint(f"state IN ({quoted(REWARD_STATES)})", name="state_known"),
        CheckConstraint("lamports > 0", name="moves_something"),
        CheckConstraint(
            "(cause IN ('signup', 'contest', 'milestone')) = (referral_id IS NOT NULL)"
            " AND (cause = 'milestone') = (milestone IS NOT NULL) AND (cause = 'place') = (rank IS NOT NULL)",
            name="earned_by_something",
        ),
        CheckConstraint(
            "state NOT IN ('approved', 'in_batch', 'paid') OR payout_id IS NOT NULL", name="has_its_payout"
        ),
        CheckConstraint("held_again >= 0", name="held_so_often"),
        CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name="paid_when"),
        CheckConstraint("state = 'pending' OR state = 'rejected' OR held_until IS NOT NULL", name="held_until_when"),
        CheckConstraint(
            "(state = 'rejected') = (rejected_at IS NOT NULL)"
            " AND (state = 'rejected') = (coalesce(length(rejected_reason), 0) > 0)",
            name="rejected_when_and_why",
        ),
        Index("uq_rewards_entitlement", "entitlement", unique=True),
        Index("uq_rewards_payout_id", "payout_id", unique=True, postgresql_where=text("payout_id IS NOT NULL")),
        Index("ix_rewards_referral_id", "referral_id"),
        Index("ix_rewards_person_id_id", "person_id", "id"),
        Index("ix_rewards_period_id_id", "period_id", "id"),
        Index("ix_rewards_state_id", "state", "id"),
        Index("ix_rewards_due", "next_try_at", postgresql_where=text("next_try_at IS NOT NULL AND dead_at IS NULL")),
        Index("ix_rewards_moving", "id", postgresql_where=text("state IN ('approved', 'in_batch')")),
        Index("ix_rewards_dead", "id", postgresql_where=text("dead_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str]
    cause: Mapped[str]
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id"))
    """The referral it is for; of a milestone, the one that reached it."""
    milestone: Mapped[int | None]
    period_id: Mapped[int | None] = mapped_column(ForeignKey("referral_periods.id"))
    rank: Mapped[int | None]
    programme_id: Mapped[int] = mapped_column(ForeignKey("referral_programmes.id"))
    entitlement: Mapped[str] = mapped_column(Computed(ENTITLEMENT, persisted=True))
    lamports: Mapped[int] = mapped_column(Lamports)
    state: Mapped[str] = mapped_column(server_default="pending")
    earned_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    held_until: Mapped[datetime | None] = mapped_column(Instant)
    held_again: Mapped[int] = mapped_column(server_default="0")
    """How often it went back on hold after it was approved, because something began to look wrong."""
    payout_id: Mapped[int | None] = mapped_column(ForeignKey("payouts.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    paid_at: Mapped[datetime | None] = mapped_column(Instant)
    rejected_at: Mapped[datetime | None] = mapped_column(Instant)
    rejected_reason: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_try_at: Mapped[datetime | None] = mapped_column(Instant, server_default=func.clock_timestamp())
    last_error: Mapped[str | None]
    dead_at: Mapped[datetime | None] = mapped_column(Instant)
