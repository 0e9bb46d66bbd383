"""Decisions with what their reviewer saw, the reasons they name, and the second looks at them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Document, Instant


class DecisionReason(Base):
    """A managed reason. `words` is what the submitter is told; a decision keeps them as they were."""

    __tablename__ = "decision_reasons"
    __table_args__ = (
        CheckConstraint("code ~ '^[a-z][a-z0-9_]{2,39}$'", name="code_is_plain"),
        CheckConstraint("kind IN ('reject', 'ask', 'quarantine', 'stop')", name="kind_known"),
        CheckConstraint("length(words) BETWEEN 10 AND 500", name="words_fit"),
        Index("uq_decision_reasons_in_use", "code", unique=True, postgresql_where=text("retired_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    code: Mapped[str]
    kind: Mapped[str]
    words: Mapped[str]
    saved_by: Mapped[str]
    saved_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class Decision(Base):
    """Of a submission or of a token, with the evidence its reviewer saw and the blast radius, for ever.

    Until `undo_until` nothing of it takes effect and it may be undone; then the worker settles it.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("num_nulls(submission_id, token_id) <= 1", name="about_something"),
        CheckConstraint("num_nulls(undone_at, undone_by) IN (0, 2)", name="undone_is_whole"),
        CheckConstraint("undone_at IS NULL OR settled_at IS NULL", name="settled_or_undone"),
        CheckConstraint("length(message) <= 3000", name="message_fits"),
        UniqueConstraint("key"),
        Index("ix_decisions_submission_id_id", "submission_id", "id"),
        Index("ix_decisions_token_id_id", "token_id", "id"),
        Index("ix_decisions_decided_at_id", "decided_at", "id"),
        Index("ix_decisions_decided_by_id_decided_at_id", "decided_by_id", "decided_at", "id"),
        Index("ix_decisions_due", "undo_until", postgresql_where=text("settled_at IS NULL AND undone_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submissions.id"))
    token_id: Mapped[int | None] = mapped_column(ForeignKey("tokens.id"))
    kind: Mapped[str]
    reason_code: Mapped[str | None]
    message: Mapped[str] = mapped_column(server_default="")
    key: Mapped[str]
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(Document, server_default="[]")
    thresholds_version: Mapped[int | None] = mapped_column(ForeignKey("whitelist_thresholds.version"))
    impact: Mapped[dict[str, Any] | None] = mapped_column(Document)
    decided_by_id: Mapped[str]
    decided_by: Mapped[str]
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    undo_until: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by: Mapped[str | None]
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


class SecondLook(Base):
    """A settled decision that somebody else makes again without seeing it."""

    __tablename__ = "second_looks"
    __table_args__ = (
        CheckConstraint("verdict IN ('approve', 'reject')", name="verdict_known"),
        CheckConstraint("num_nulls(verdict, looked_by_id, looked_by, looked_at) IN (0, 4)", name="look_is_whole"),
        Index("ix_second_looks_open", "decision_id", postgresql_where=text("verdict IS NULL")),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True, autoincrement=False)
    verdict: Mapped[str | None]
    looked_by_id: Mapped[str | None]
    looked_by: Mapped[str | None]
    looked_at: Mapped[datetime | None] = mapped_column(Instant)
