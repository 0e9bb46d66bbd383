"""What a contest leaves to be done by hand: writing to the winner, posting the result."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant


class Errand(Base):
    """Left by each contest that becomes final while it is in use."""

    __tablename__ = "errands"
    __table_args__ = (
        CheckConstraint("length(words) BETWEEN 1 AND 200", name="words_fit"),
        CheckConstraint("num_nulls(retired_by, retired_at) IN (0, 2)", name="retired_is_whole"),
        Index("uq_errands_in_use", "words", unique=True, postgresql_where=text("retired_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    words: Mapped[str]
    added_by: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    retired_by: Mapped[str | None]
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class ContestErrand(Base):
    """One errand of one contest, and who has done it when."""

    __tablename__ = "contest_errands"
    __table_args__ = (
        UniqueConstraint("contest_id", "errand_id"),
        CheckConstraint("num_nulls(done_by, done_at) IN (0, 2)", name="done_is_whole"),
        Index("ix_contest_errands_open", "id", postgresql_where=text("done_at IS NULL")),
        Index("ix_contest_errands_done_at", "done_at", postgresql_where=text("done_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    errand_id: Mapped[int] = mapped_column(ForeignKey("errands.id"))
    left_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    done_by: Mapped[str | None]
    done_at: Mapped[datetime | None] = mapped_column(Instant)
