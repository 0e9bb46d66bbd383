"""Tokens: what is traded."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Identity, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant


class Token(Base):
    """A token we know. Its state says whether it may be traded; the whitelist decides that."""

    __tablename__ = "tokens"
    __table_args__ = (
        CheckConstraint("mint ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'", name="mint_is_base58"),
        CheckConstraint("decimals BETWEEN 0 AND 18", name="decimals_in_range"),
        CheckConstraint("state IN ('active', 'suspended', 'delisted')", name="state_known"),
        CheckConstraint("(state = 'active') = (inactive_from IS NULL)", name="active_has_no_end"),
        UniqueConstraint("mint"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    mint: Mapped[str]
    symbol: Mapped[str]
    name: Mapped[str]
    decimals: Mapped[int]
    state: Mapped[str] = mapped_column(server_default="active")
    active_from: Mapped[datetime | None] = mapped_column(Instant)
    """None: since before our records."""
    inactive_from: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
