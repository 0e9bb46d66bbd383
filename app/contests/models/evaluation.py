"""An evaluation and everything that proves it. Versions are kept; a published one never changes."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Document, Exact, Instant, Lamports


class Evaluation(Base):
    __tablename__ = "evaluations"
    __table_args__ = (
        UniqueConstraint("contest_id", "version"),
        CheckConstraint("state IN ('draft', 'superseded', 'published')", name="state_known"),
        CheckConstraint("verified IN ('same', 'different', 'skipped')", name="verified_known"),
        CheckConstraint("prizes_lamports + fee_lamports + dust_lamports = pool_lamports", name="money_adds_up"),
        CheckConstraint("least(prizes_lamports, fee_lamports, dust_lamports) >= 0", name="money_not_negative"),
        CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL AND published_by IS NOT NULL)", name="published_by_whom"
        ),
        CheckConstraint("verified <> 'different' OR state <> 'published'", name="published_agrees"),
        Index("uq_evaluations_one_draft", "contest_id", unique=True, postgresql_where=text("state = 'draft'")),
        Index("ix_evaluations_evaluated_at", "evaluated_at", postgresql_using="brin"),
        Index("uq_evaluations_one_published", "contest_id", unique=True, postgresql_where=text("state = 'published'")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(server_default="draft")
    evaluated_at: Mapped[datetime] = mapped_column(Instant)
    evaluated_by: Mapped[str]
    reason: Mapped[str | None]
    took_ms: Mapped[int | None]
    entries: Mapped[int] = mapped_column(server_default="0")
    pool_lamports: Mapped[int] = mapped_column(Lamports, server_default="0")
    fee_lamports: Mapped[int] = mapped_column(Lamports, server_default="0")
    dust_lamports: Mapped[int] = mapped_column(Lamports, server_default="0")
    prizes_lamports: Mapped[int] = mapped_column(Lamports, server_default="0")
    inputs_hash: Mapped[str | None]
    result_hash: Mapped[str | None]
    code_version: Mapped[str]
    verified: Mapped[str] = mapped_column(server_default="skipped")
    verify_note: Mapped[str | None]
    settles_at: Mapped[datetime | None] = mapped_column(Instant)
    settlement: Mapped[dict[str, int] | None] = mapped_column(Document)
    """Both only where two people ruled that another window or other terms than the contest's count."""
    fragility: Mapped[dict[str, Any] | None] = mapped_column(Document)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    published_by: Mapped[str | None]


class SettlementTick(Base):
    """A tick of the settlement window as it was at the evaluation, numbered in the order received.

    No foreign keys: hundreds of thousands are copied by one statement from ticks that have them.
    """

    __tablename__ = "settlement_ticks"

    evaluation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token_id: Mapped[int]
    source: Mapped[str]
    price: Mapped[Decimal] = mapped_column(Exact)
    volume: Mapped[Decimal | None] = mapped_column(Exact)
    at: Mapped[datetime] = mapped_column(Instant)


class SettlementPrice(Base):
    """`seconds` of the window have a value; `sources` is `{source: {"seconds", "mean"}}`."""

    __tablename__ = "settlement_prices"
    __table_args__ = (CheckConstraint("price > 0 OR cardinality(reasons) > 0", name="valid_has_price"),)

    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluations.id"), primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"), primary_key=True)
    price: Mapped[Decimal | None] = mapped_column(Exact)
    seconds: Mapped[int]
    longest_gap_s: Mapped[int]
    gap_from: Mapped[datetime | None] = mapped_column(Instant)
    gap_to: Mapped[datetime | None] = mapped_column(Instant)
    sources: Mapped[dict[str, Any]] = mapped_column(Document)
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text))


class Result(Base):
    """One entry's place. The key is the order in which standings are read.

    No foreign keys and no second index: a million rows are written by one statement, and each reference would be
    looked up row by row. The statement reads the entries themselves, and the evaluation counts what it wrote.
    """

    __tablename__ = "results"
    __table_args__ = (
        CheckConstraint("rank >= 1", name="rank_positive"),
        CheckConstraint("prize_lamports >= 0", name="prize_not_negative"),
    )

    evaluation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rank: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    score: Mapped[Decimal] = mapped_column(Exact)
    value: Mapped[Decimal] = mapped_column(Exact)
    prize_lamports: Mapped[int] = mapped_column(Lamports, server_default="0")


class TiebreakValues(Base):
    """The tiebreakers of an entry whose score another entry equals; `profitable_time` in microseconds."""

    __tablename__ = "tiebreak_values"

    evaluation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    win_rate: Mapped[Decimal] = mapped_column(Exact)
    profitable_trades: Mapped[int]
    avg_profit: Mapped[Decimal] = mapped_column(Exact)
    biggest_win: Mapped[Decimal] = mapped_column(Exact)
    profitable_time: Mapped[int] = mapped_column(BigInteger)
    first_profit_at: Mapped[datetime | None] = mapped_column(Instant)


class Tie(Base):
    """A group equal on every rule that touches a paid place, and how it was settled."""

    __tablename__ = "ties"
    __table_args__ = (
        UniqueConstraint("evaluation_id", "rank"),
        CheckConstraint("size >= 2 AND at_stake_lamports > 0 AND remainder_lamports >= 0", name="worth_settling"),
        CheckConstraint("choice IN ('share', 'order')", name="choice_known"),
        CheckConstraint(
            "(choice IS NULL) = (resolved_at IS NULL) AND (choice IS NULL) = (resolved_by IS NULL)", name="all_or_none"
        ),
        CheckConstraint(
            "choice IS DISTINCT FROM 'order' "
            "OR coalesce(cardinality(ordered_entry_ids) = size AND length(reason) >= 20, false)",
            name="order_has_reason",
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluations.id"))
    rank: Mapped[int]
    size: Mapped[int]
    at_stake_lamports: Mapped[int] = mapped_column(Lamports)
    remainder_lamports: Mapped[int] = mapped_column(Lamports)
    version: Mapped[int] = mapped_column(server_default="1")
    choice: Mapped[str | None]
    ordered_entry_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    reason: Mapped[str | None]
    resolved_by: Mapped[str | None]
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
