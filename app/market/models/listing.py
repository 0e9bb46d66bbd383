"""Listings: what sources call our tokens."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant


class Listing(Base):
    """The name a source uses for a token. Each name means one token there, and each token has one name there."""

    __tablename__ = "listings"
    __table_args__ = (
        CheckConstraint("source ~ '^[a-z0-9][a-z0-9._-]{0,39}$'", name="source_is_plain"),
        CheckConstraint("name ~ '^[!-~]{1,128}$'", name="name_is_printable"),
        UniqueConstraint("source", "token_id"),
    )

    source: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"))
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
