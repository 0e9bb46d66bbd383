"""Who plays and what they traded. Cash and holdings are kept beside the trades that made them."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Exact, Instant, beginnings


class Player(Base):
    __tablename__ = "players"
    __table_args__ = (
        UniqueConstraint("wallet"),
        CheckConstraint("wallet ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'", name="wallet_is_base58"),
        Index("ix_players_wallet_begins", "wallet", postgresql_ops={"wallet": "text_pattern_ops"}),
        beginnings("ix_players_wallet_ends", "reverse(wallet)"),
        beginnings("ix_players_nickname_begins", "lower(nickname)"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    wallet: Mapped[str]
    nickname: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class Entry(Base):
    """One player in one contest. `bought` and `sold` are Σ quantity × price of the trades, exact."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("contest_id", "player_id"),
        UniqueConstraint("contest_id", "id"),
        Index(None, "player_id"),
        CheckConstraint("bought >= 0 AND sold >= 0", name="sums_not_negative"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    player_id: Mapped[int] = mapped_column(ForeignKey("players.id"))
    nickname: Mapped[str]
    joined_at: Mapped[datetime] = mapped_column(Instant)
    disqualified: Mapped[bool] = mapped_column(server_default="false")
    bought: Mapped[Decimal] = mapped_column(Exact, server_default="0")
    sold: Mapped[Decimal] = mapped_column(Exact, server_default="0")


class Trade(Base):
    """`position` is the trade's place in the file or call that brought it; it orders trades of equal times."""

    __tablename__ = "trades"
    __table_args__ = (
        CheckConstraint("side IN ('buy', 'sell')", name="side_known"),
        CheckConstraint("quantity > 0 AND quantity < 'Infinity'", name="quantity_positive"),
        CheckConstraint("price > 0 AND price < 'Infinity'", name="price_positive"),
        Index("ix_trades_entry_order", "entry_id", "executed_at", "position"),
        Index(
            "uq_trades_reference", "reference", "entry_id", unique=True, postgresql_where=text("reference IS NOT NULL")
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"))
    side: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Exact)
    price: Mapped[Decimal] = mapped_column(Exact)
    executed_at: Mapped[datetime] = mapped_column(Instant)
    position: Mapped[int]
    reference: Mapped[str | None]
    """The platform's own id, where it told the trade; an import has none."""


class Holding(Base):
    """What an entry holds after its last trade; nothing (0) where it sold everything."""

    __tablename__ = "holdings"
    __table_args__ = (
        ForeignKeyConstraint(["contest_id", "entry_id"], ["entries.contest_id", "entries.id"]),
        CheckConstraint("quantity >= 0 AND quantity < 'Infinity'", name="quantity_not_negative"),
    )

    contest_id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"), primary_key=True)
    quantity: Mapped[Decimal] = mapped_column(Exact)


class ContestToken(Base):
    """A token of the contest and how many trades name it; those with trades need a settlement price."""

    __tablename__ = "contest_tokens"
    __table_args__ = (CheckConstraint("trades >= 0", name="trades_not_negative"), Index(None, "token_id"))

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"), primary_key=True)
    trades: Mapped[int] = mapped_column(server_default="0")
