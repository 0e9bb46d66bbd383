"""Tokens, and the ticks their prices come from."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Exact, Instant


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


class Feed(Base):
    """A body of ticks that belong together: our live market, or the recording a contest bundle brought along."""

    __tablename__ = "feeds"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class Tick(Base):
    """One price from one source, in the order received (`id`). Prices ≤ 0 are kept and never used."""

    __tablename__ = "ticks"
    __table_args__ = (
        CheckConstraint("price <> 'NaN' AND abs(price) < 'Infinity'", name="price_is_a_number"),
        Index(None, "feed_id", "token_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id"))
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"))
    source: Mapped[str]
    price: Mapped[Decimal] = mapped_column(Exact)
    volume: Mapped[Decimal | None] = mapped_column(Exact)
    at: Mapped[datetime] = mapped_column(Instant)
