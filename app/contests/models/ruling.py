"""What two people decide together about a contest: one proposes, another confirms."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.contests.rules.rulings import KINDS
from app.core.database import Base, Instant


class Ruling(Base):
    """The database refuses a confirmation by whoever proposed it, and any change after it."""

    __tablename__ = "rulings"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in KINDS)})", name="kind_known"),
        CheckConstraint("length(reason) BETWEEN 20 AND 2000", name="reason_long_enough"),
        CheckConstraint("confirmed_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint("num_nulls(confirmed_by_id, confirmed_by, confirmed_at) IN (0, 3)", name="confirmed_is_whole"),
        CheckConstraint("num_nulls(withdrawn_by, withdrawn_at) IN (0, 2)", name="withdrawn_is_whole"),
        CheckConstraint("(kind = 'fragile') = (evaluation_id IS NOT NULL)", name="fragile_names_its_draft"),
        Index(
            "uq_rulings_one_open",
            "contest_id",
            unique=True,
            postgresql_where=text("confirmed_at IS NULL AND withdrawn_at IS NULL"),
        ),
        Index("ix_rulings_contest_id_id", "contest_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    evaluation_id: Mapped[int | None] = mapped_column(ForeignKey("evaluations.id"))
    kind: Mapped[str]
    reason: Mapped[str]
    proposed_by_id: Mapped[str]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    confirmed_by_id: Mapped[str | None]
    confirmed_by: Mapped[str | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
