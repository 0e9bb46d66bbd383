"""What a player says against a draft, the thread about it, and how it was settled."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.contests.rules.disputes import OUTCOMES
from app.core.database import Base, Instant


class Dispute(Base):
    """Opened by staff for a player. While one is open the database lets no result of its contest become final."""

    __tablename__ = "disputes"
    __table_args__ = (
        ForeignKeyConstraint(["contest_id", "entry_id"], ["entries.contest_id", "entries.id"]),
        CheckConstraint(f"outcome IN ({', '.join(repr(outcome) for outcome in OUTCOMES)})", name="outcome_known"),
        CheckConstraint("num_nulls(outcome, settled_by, settled_at) IN (0, 3)", name="settled_is_whole"),
        Index("ix_disputes_contest_id_id", "contest_id", "id"),
        Index("ix_disputes_open", "contest_id", postgresql_where=text("outcome IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    evaluation_id: Mapped[int | None] = mapped_column(ForeignKey("evaluations.id"))
    entry_id: Mapped[int] = mapped_column(BigInteger)
    opened_by: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    outcome: Mapped[str | None]
    settled_by: Mapped[str | None]
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


class DisputePost(Base):
    """One contribution to the thread; the first is what the player says, the last why it was settled so."""

    __tablename__ = "dispute_posts"
    __table_args__ = (
        CheckConstraint("length(words) BETWEEN 1 AND 2000", name="words_fit"),
        Index("ix_dispute_posts_dispute_id_id", "dispute_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("disputes.id"))
    words: Mapped[str]
    said_by: Mapped[str]
    said_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
