"""A contest bundle somebody handed over, from upload to contest."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, LargeBinary, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Document, Instant


class Import(Base):
    """`received → ready | refused`, `ready → importing → imported | refused`. The file is dropped once it is done."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("state IN ('received', 'ready', 'importing', 'imported', 'refused')", name="state_known"),
        CheckConstraint("(state = 'imported') = (contest_id IS NOT NULL)", name="imported_has_contest"),
        CheckConstraint("(state = 'refused') = (problem IS NOT NULL)", name="refused_has_problem"),
        CheckConstraint("state IN ('imported', 'refused') OR content IS NOT NULL", name="open_has_content"),
        Index("ix_imports_due", "id", postgresql_where=text("state IN ('received', 'importing')")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    state: Mapped[str] = mapped_column(server_default="received")
    file_name: Mapped[str]
    sha256: Mapped[str]
    size_bytes: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    summary: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """What the file holds, as its preview shows it."""
    problem: Mapped[str | None]
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id"))
    handed_in_by: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
