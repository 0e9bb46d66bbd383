"""Submissions: tokens that somebody asks to have whitelisted."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Document, Instant
from app.whitelist.rules.life import OPEN_STATES, STATES, TIMED_STATES


def _words(states: tuple[str, ...]) -> str:
    return ", ".join(f"'{state}'" for state in states)


class Submission(Base):
    """`decimals` is what the submitter says; `evidence` the lines of the last check, `alike` the tokens in the way.

    It was `answered_at` its first check and `checked_at` its last; a snoozed one wakes at `next_try_at`."""

    __tablename__ = "submissions"
    __table_args__ = (
        CheckConstraint("mint ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'", name="mint_is_base58"),
        CheckConstraint(f"state IN ({_words(STATES)})", name="state_known"),
        CheckConstraint("decimals BETWEEN 0 AND 18", name="decimals_in_range"),
        CheckConstraint("length(submitter) BETWEEN 1 AND 100", name="submitter_fits"),
        CheckConstraint("num_nulls(claimed_by_id, claimed_by, claimed_at) IN (0, 3)", name="claim_is_whole"),
        CheckConstraint(f"(state IN ({_words(TIMED_STATES)})) = (next_try_at IS NOT NULL)", name="work_has_a_time"),
        Index("ix_submissions_state_received_at_id", "state", "received_at", "id"),
        Index("ix_submissions_received_at_id", "received_at", "id"),
        Index("ix_submissions_symbol_received_at_id", "symbol", "received_at", "id"),
        Index("ix_submissions_submitter_received_at_id", "submitter", "received_at", "id"),
        Index("ix_submissions_mint", "mint"),
        Index("uq_submissions_open", "mint", unique=True, postgresql_where=text(f"state IN ({_words(OPEN_STATES)})")),
        Index("ix_submissions_due", "next_try_at", postgresql_where=text("next_try_at IS NOT NULL")),
        Index("ix_submissions_red", "state", "received_at", "id", postgresql_where=text("fails > 0")),
        Index("ix_submissions_unknown", "state", "received_at", "id", postgresql_where=text("unknowns > 0")),
        Index("ix_submissions_conflicts", "state", "received_at", "id", postgresql_where=text("conflicts > 0")),
        Index("ix_submissions_claimed", "claimed_by_id", "received_at", "id",
              postgresql_where=text("claimed_by_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    mint: Mapped[str]
    symbol: Mapped[str]
    name: Mapped[str]
    decimals: Mapped[int | None]
    links: Mapped[list[str]] = mapped_column(Document, server_default="[]")
    words: Mapped[str] = mapped_column(server_default="")
    submitter: Mapped[str]
    client_id: Mapped[int | None] = mapped_column(ForeignKey("api_clients.id"))
    state: Mapped[str] = mapped_column(server_default="received")
    version: Mapped[int] = mapped_column(server_default="1")
    fails: Mapped[int] = mapped_column(server_default="0")
    unknowns: Mapped[int] = mapped_column(server_default="0")
    warnings: Mapped[int] = mapped_column(server_default="0")
    thresholds_version: Mapped[int | None] = mapped_column(ForeignKey("whitelist_thresholds.version"))
    conflicts: Mapped[int] = mapped_column(server_default="0")
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(Document, server_default="[]")
    alike: Mapped[list[dict[str, Any]]] = mapped_column(Document, server_default="[]")
    received_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_try_at: Mapped[datetime | None] = mapped_column(Instant, server_default=func.clock_timestamp())
    claimed_by_id: Mapped[str | None]
    claimed_by: Mapped[str | None]
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)


class SubmissionNote(Base):
    """Append-only: a wrong note is followed by a right one."""

    __tablename__ = "submission_notes"
    __table_args__ = (
        CheckConstraint("length(words) BETWEEN 1 AND 2000", name="words_fit"),
        Index("ix_submission_notes_submission_id_id", "submission_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    words: Mapped[str]
    said_by: Mapped[str]
    said_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
