"""What is owed to whom, and the lists that two people agree on before it leaves."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant, Lamports
from app.payouts.rules.life import BATCH_STATES, PAYOUT_KINDS, PAYOUT_STATES
from app.payouts.rules.words import quoted

ENTITLEMENT = (
    "CASE WHEN kind = 'referral' THEN ('referral:'::text || reward_id) "
    "ELSE ((((kind || ':'::text) || contest_id) || ':'::text) || entry_id) END"
)


class Payout(Base):
    """One entitlement, moved once. Kind, wallet and amount never change; the entitlement is unique while it counts."""

    __tablename__ = "payouts"
    __table_args__ = (
        CheckConstraint(f"kind IN ({quoted(PAYOUT_KINDS)})", name="kind_known"),
        CheckConstraint(f"state IN ({quoted(PAYOUT_STATES)})", name="state_known"),
        CheckConstraint("wallet ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'", name="wallet_is_base58"),
        CheckConstraint("lamports > 0", name="moves_something"),
        CheckConstraint(
            "(kind = 'referral') = (reward_id IS NOT NULL) AND (kind <> 'referral') = (contest_id IS NOT NULL)"
            " AND (kind <> 'referral') = (entry_id IS NOT NULL)",
            name="entitled_by_something",
        ),
        CheckConstraint("(state = 'paid') = (paid_attempt_id IS NOT NULL)", name="paid_by_an_attempt"),
        CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name="paid_at_a_time"),
        CheckConstraint("state NOT IN ('in_batch', 'paid') OR batch_id IS NOT NULL", name="leaves_in_a_batch"),
        CheckConstraint("state NOT IN ('planned', 'held', 'cancelled') OR batch_id IS NULL", name="waits_in_none"),
        CheckConstraint(
            "(state = 'held') = (held_by IS NOT NULL) AND (state = 'held') = (held_at IS NOT NULL)"
            " AND (state = 'held') = (coalesce(length(held_reason), 0) > 0)",
            name="held_by_whom",
        ),
        Index("uq_payouts_entitlement", "entitlement", unique=True, postgresql_where=text("state <> 'cancelled'")),
        Index("ix_payouts_batch_id", "batch_id"),
        Index("ix_payouts_contest_id", "contest_id", "state"),
        Index("ix_payouts_paid_at", "paid_at", postgresql_using="brin"),
        Index("ix_payouts_waiting", "id", postgresql_where=text("state IN ('planned', 'held')")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str]
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    reward_id: Mapped[int | None] = mapped_column(BigInteger)
    entitlement: Mapped[str] = mapped_column(Computed(ENTITLEMENT, persisted=True))
    nickname: Mapped[str]
    wallet: Mapped[str]
    lamports: Mapped[int] = mapped_column(Lamports)
    state: Mapped[str] = mapped_column(server_default="planned")
    version: Mapped[int] = mapped_column(server_default="1")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("payout_batches.id"))
    paid_attempt_id: Mapped[int | None] = mapped_column(ForeignKey("payout_attempts.id"))
    paid_at: Mapped[datetime | None] = mapped_column(Instant)
    held_by: Mapped[str | None]
    held_at: Mapped[datetime | None] = mapped_column(Instant)
    held_reason: Mapped[str | None]
    problem: Mapped[str | None]
    """Why it did not go when it was tried last, whose doing that was, and what to do next."""
    whose_fault: Mapped[str | None]
    next_step: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())


class Batch(Base):
    """Payouts that leave together. The approval binds the SHA-256 of the list; nobody approves their own proposal."""

    __tablename__ = "payout_batches"
    __table_args__ = (
        CheckConstraint(f"state IN ({quoted(BATCH_STATES)})", name="state_known"),
        CheckConstraint("payouts >= 1 AND lamports > 0", name="moves_something"),
        CheckConstraint("approved_by IS DISTINCT FROM proposed_by", name="four_eyes"),
        CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL) AND (approved_by IS NULL) = (approved_hash IS NULL)"
            " AND (approved_by IS NULL) = (approver_proved_at IS NULL)",
            name="approval_is_whole",
        ),
        CheckConstraint(
            "state NOT IN ('approved', 'paying', 'paid', 'failed') OR coalesce(approved_hash = list_hash, false)",
            name="approved_as_listed",
        ),
        CheckConstraint(
            "approved_at IS NULL OR approver_proved_at BETWEEN approved_at - interval '5 minutes' AND approved_at",
            name="proved_recently",
        ),
        CheckConstraint("list_hash ~ '^[0-9a-f]{64}$'", name="list_hash_is_sha256"),
        CheckConstraint(
            "(state IN ('paid', 'failed', 'cancelled')) = (closed_at IS NOT NULL)", name="closed_at_a_time"
        ),
        Index("ix_payout_batches_due", "next_try_at", postgresql_where=text("state IN ('approved', 'paying')")),
        Index("ix_payout_batches_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    state: Mapped[str] = mapped_column(server_default="planned")
    version: Mapped[int] = mapped_column(server_default="1")
    payouts: Mapped[int]
    lamports: Mapped[int] = mapped_column(Lamports)
    list_hash: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_hash: Mapped[str | None]
    approver_proved_at: Mapped[datetime | None] = mapped_column(Instant)
    next_try_at: Mapped[datetime | None] = mapped_column(Instant)
    last_problem: Mapped[str | None]
    whose_fault: Mapped[str | None]
    next_step: Mapped[str | None]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str | None]
    retried_by_id: Mapped[int | None] = mapped_column(ForeignKey("payout_batches.id"))
    """The batch that a failed one's payouts went into next."""


class PayoutLine(Base):
    """A line of the list that was approved, as it stood there; it stays when the payout leaves the batch."""

    __tablename__ = "payout_lines"

    batch_id: Mapped[int] = mapped_column(ForeignKey("payout_batches.id"), primary_key=True)
    payout_id: Mapped[int] = mapped_column(ForeignKey("payouts.id"), primary_key=True, index=True)
    wallet: Mapped[str]
    lamports: Mapped[int] = mapped_column(Lamports)
