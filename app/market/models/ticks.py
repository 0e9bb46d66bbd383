"""Feeds and their ticks: what every source told, in the order received."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Identity, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Exact, Instant


class Feed(Base):
    """A body of ticks that belong together: our live market (0), or the recording a contest bundle brought along."""

    __tablename__ = "feeds"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class Tick(Base):
    """One price from one source, in the order received (`id`). Prices ≤ 0 are kept and never used.

    The live feed lies in one partition per UTC day, recordings in one of their own. The primary key is also the index
    that settlement reads by, so that storing a tick writes one index; for the same reason the live partitions have no
    foreign keys: the gate lets only known tokens in, and candles keep those from being deleted.
    """

    __tablename__ = "ticks"
    __table_args__ = (
        CheckConstraint("price <> 'NaN' AND abs(price) < 'Infinity'", name="price_is_a_number"),
        CheckConstraint("side IN ('buy', 'sell')", name="side_known"),
        CheckConstraint("suspect IN ('jump', 'frozen')", name="suspect_known"),
        {"postgresql_partition_by": "LIST (feed_id)"},
    )

    feed_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default="0")
    token_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    source: Mapped[str]
    price: Mapped[Decimal] = mapped_column(Exact)
    volume: Mapped[Decimal | None] = mapped_column(Exact)
    side: Mapped[str | None]
    suspect: Mapped[str | None]
    """Why the tick is kept but doubted: a jump of more than 30 %, or a price frozen while others moved."""
