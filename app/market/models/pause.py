"""Stretches in which a token that is active again was not."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant


class TokenPause(Base):
    """Written when a suspended token becomes active again: trades of that stretch stay refused for ever."""

    __tablename__ = "token_pauses"
    __table_args__ = (
        CheckConstraint("until_at > from_at", name="ends_after_start"),
        Index("ix_token_pauses_token_id", "token_id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"))
    from_at: Mapped[datetime] = mapped_column(Instant)
    until_at: Mapped[datetime] = mapped_column(Instant)
