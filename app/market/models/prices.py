"""What the engine makes of the live ticks: candles, latest prices, and how far it has stored them."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Sequence, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Exact, Instant

EPOCHS = Sequence("market_epochs", metadata=Base.metadata)
"""Each start of an engine takes the next epoch; frames of an older one are void."""


class Candle(Base):
    """One minute of a token's consolidated price; `bought` and `sold` are the parts of `volume` whose side is known."""

    __tablename__ = "candles"
    __table_args__ = (
        CheckConstraint("low > 0 AND low <= least(open, close) AND high >= greatest(open, close)", name="prices_fit"),
        CheckConstraint("volume >= bought + sold AND bought >= 0 AND sold >= 0", name="volume_holds_its_sides"),
        {"postgresql_partition_by": "RANGE (minute)"},
    )

    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"), primary_key=True)
    minute: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    open: Mapped[Decimal] = mapped_column(Exact)
    high: Mapped[Decimal] = mapped_column(Exact)
    low: Mapped[Decimal] = mapped_column(Exact)
    close: Mapped[Decimal] = mapped_column(Exact)
    volume: Mapped[Decimal] = mapped_column(Exact)
    bought: Mapped[Decimal] = mapped_column(Exact)
    sold: Mapped[Decimal] = mapped_column(Exact)
    ticks: Mapped[int]


class LatestPrice(Base):
    """A token's row as it stood in the last frame that was stored. Changes are in bps, None without a price then."""

    __tablename__ = "latest_prices"
    __table_args__ = ({"postgresql_with": {"fillfactor": "50"}},)

    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"), primary_key=True)
    price: Mapped[Decimal] = mapped_column(Exact)
    at: Mapped[datetime] = mapped_column(Instant)
    m1_bps: Mapped[int | None]
    h1_bps: Mapped[int | None]
    d1_bps: Mapped[int | None]
    volume_24h: Mapped[Decimal] = mapped_column(Exact)
    high_24h: Mapped[Decimal] = mapped_column(Exact)
    low_24h: Mapped[Decimal] = mapped_column(Exact)
    fresh_sources: Mapped[int]
    spread_bps: Mapped[int | None]
    mark: Mapped[str | None]


class MarketPosition(Base):
    """One row: the last entry of the stream whose ticks are stored, and the last whose ticks are in candles.

    Each moves with what it speaks of, in the same transaction; `moved_at` says when ticks were stored.
    """

    __tablename__ = "market_position"
    __table_args__ = (CheckConstraint("id = 1", name="only_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stream_id: Mapped[str]
    candles_id: Mapped[str]
    moved_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
