"""Signed bytes and what became of them. A row is there before anything is sent, and its bytes never change."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Document, Instant, Lamports
from app.payouts.rules.life import ATTEMPT_STATES
from app.payouts.rules.words import quoted

# A CHECK that comes out NULL lets the row pass, so each asks for what must be true and takes nothing else.
PROVEN = (
    "state <> 'expired' OR coalesce(CASE WHEN last_valid_height IS NULL "
    "THEN length(expiry_proof ->> 'said_by') > 0 "
    "ELSE (expiry_proof ->> 'finalized_height')::bigint > last_valid_height END, false)"
)


class Attempt(Base):
    __tablename__ = "payout_attempts"
    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        UniqueConstraint("reference"),
        CheckConstraint(f"state IN ({quoted(ATTEMPT_STATES)})", name="state_known"),
        CheckConstraint("number >= 1 AND lamports > 0 AND octet_length(wire) > 0", name="says_something"),
        CheckConstraint("length(reference) BETWEEN 1 AND 200", name="reference_short"),
        CheckConstraint(PROVEN, name="expiry_is_proven"),
        CheckConstraint("(state = 'landed_ok') = (landed_at IS NOT NULL)", name="landed_at_a_time"),
        CheckConstraint("fee_lamports >= 0", name="fee_not_negative"),
        CheckConstraint(
            "(state IN ('landed_ok', 'landed_err')) = (fee_lamports IS NOT NULL)", name="landed_has_its_fee"
        ),
        CheckConstraint("state <> 'landed_err' OR coalesce(length(problem) > 0, false)", name="error_is_told"),
        Index(
            "uq_payout_attempts_one_live", "batch_id", unique=True,
            postgresql_where=text("state IN ('signed', 'sent', 'landed_ok')"),
        ),
        Index("ix_payout_attempts_signed_at", "signed_at"),
        Index("ix_payout_attempts_unseen", "id", postgresql_where=text("state = 'landed_ok' AND seen_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("payout_batches.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(server_default="signed")
    reference: Mapped[str]
    wire: Mapped[bytes] = mapped_column(LargeBinary)
    last_valid_height: Mapped[int | None] = mapped_column(BigInteger)
    list_hash: Mapped[str]
    lamports: Mapped[int] = mapped_column(Lamports)
    signed_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    sends: Mapped[int] = mapped_column(server_default="0")
    landed_at: Mapped[datetime | None] = mapped_column(Instant)
    fee_lamports: Mapped[int | None] = mapped_column(Lamports)
    expiry_proof: Mapped[dict[str, Any] | None] = mapped_column(Document)
    problem: Mapped[str | None]
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
    """When reconciliation met it among the wallet's own movements."""


class AttemptStep(Base):
    """Written by the database on every change of an attempt's state, in the transaction of the change."""

    __tablename__ = "attempt_steps"
    __table_args__ = (Index(None, "attempt_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("payout_attempts.id"))
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
