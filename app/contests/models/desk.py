"""What people at the desk leave for each other: notes, reasons worth using again, and who holds a contest."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant


class ContestNote(Base):
    """Append-only: a wrong note is followed by a right one."""

    __tablename__ = "contest_notes"
    __table_args__ = (
        CheckConstraint("length(words) BETWEEN 1 AND 2000", name="words_fit"),
        Index("ix_contest_notes_contest_id_id", "contest_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    words: Mapped[str]
    said_by: Mapped[str]
    said_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())


class SavedReason(Base):
    """Offered wherever a reason is asked for, until it is retired. What was decided with it keeps its words."""

    __tablename__ = "saved_reasons"
    __table_args__ = (
        CheckConstraint("length(words) BETWEEN 1 AND 500", name="words_fit"),
        CheckConstraint("num_nulls(retired_by, retired_at) IN (0, 2)", name="retired_is_whole"),
        Index("uq_saved_reasons_in_use", "words", unique=True, postgresql_where=text("retired_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    words: Mapped[str]
    saved_by: Mapped[str]
    saved_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    retired_by: Mapped[str | None]
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class ContestClaim(Base):
    """Who is looking after a contest now. It keeps nobody out: it says whom to ask first."""

    __tablename__ = "contest_claims"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True, autoincrement=False)
    claimed_by_id: Mapped[str]
    claimed_by: Mapped[str]
    claimed_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
