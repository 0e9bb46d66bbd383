"""The contest itself: its terms, its state, and every state it was ever in."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Identity, Index, Integer, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.contests.rules.life import FINAL_STATES, STATES
from app.core.database import Base, Document, Exact, Instant, Lamports


def _words(states: tuple[str, ...]) -> str:
    return ", ".join(f"'{state}'" for state in states)


class Contest(Base):
    __tablename__ = "contests"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'", name="code_fits_a_url"),
        CheckConstraint(f"state IN ({_words(STATES)})", name="state_known"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("entry_fee_lamports >= 0 AND sponsored_lamports >= 0", name="money_not_negative"),
        CheckConstraint("platform_fee_bps BETWEEN 0 AND 10000", name="fee_in_range"),
        CheckConstraint("initial_balance > 0 AND initial_balance < 'Infinity'", name="balance_positive"),
        CheckConstraint("score_decimals BETWEEN 0 AND 18", name="score_decimals_in_range"),
        CheckConstraint("min_participants >= 1", name="min_participants_positive"),
        CheckConstraint("challenge_s >= 0", name="challenge_not_negative"),
        CheckConstraint("tie_policy IN ('review', 'share')", name="tie_policy_known"),
        CheckConstraint("cardinality(prize_split_bps) >= 1 AND 0 < ALL (prize_split_bps)", name="prizes_positive"),
        CheckConstraint(
            f"(state IN ({_words(FINAL_STATES)})) = (published_evaluation_id IS NOT NULL)", name="final_has_result"
        ),
        Index("ix_contests_state_ends_at", "state", text("ends_at DESC"), text("id DESC")),
        Index("ix_contests_ends_at", text("ends_at DESC"), text("id DESC")),
        Index("ix_contests_due", "next_try_at", postgresql_where=text("next_try_at IS NOT NULL AND dead_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    entry_fee_lamports: Mapped[int] = mapped_column(Lamports)
    sponsored_lamports: Mapped[int] = mapped_column(Lamports, server_default="0")
    platform_fee_bps: Mapped[int]
    prize_split_bps: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    min_participants: Mapped[int]
    initial_balance: Mapped[Decimal] = mapped_column(Exact)
    score_decimals: Mapped[int]
    tie_policy: Mapped[str]
    tiebreakers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    settlement: Mapped[dict[str, int]] = mapped_column(Document)
    challenge_s: Mapped[int] = mapped_column(server_default="0")
    """So long a draft stands open to be disputed before it may become final by itself."""
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id"))
    entries_count: Mapped[int] = mapped_column(server_default="0")
    trades_count: Mapped[int] = mapped_column(server_default="0")
    last_check: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """The last look at the market data: `{"at", "problems": [{"mint", "symbol", "reasons", "gap"}]}`."""
    review_reason: Mapped[str | None]
    void_reason: Mapped[str | None]
    asked_by: Mapped[str | None]
    """Who asked for the evaluation that is under way."""
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_try_at: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str | None]
    dead_at: Mapped[datetime | None] = mapped_column(Instant)
    published_evaluation_id: Mapped[int | None] = mapped_column(
        ForeignKey("evaluations.id", use_alter=True, name="fk_contests_published_evaluation_id")
    )
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class Transition(Base):
    """Written by the database on every change of state, in the transaction of the change."""

    __tablename__ = "contest_transitions"
    __table_args__ = (
        Index(None, "contest_id", "id"),
        Index("ix_contest_transitions_at", "at", postgresql_using="brin"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
