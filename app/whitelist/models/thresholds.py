"""From where on a fact of a token is flagged, version by version."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant


class WhitelistThreshold(Base):
    """The newest version is in use; evidence and decisions name the one they were judged by. Append-only."""

    __tablename__ = "whitelist_thresholds"
    __table_args__ = (
        CheckConstraint(
            "least(market_cap, volume_24h, liquidity, holders, top_ten_bps, age_days) >= 0", name="not_negative"
        ),
        CheckConstraint("top_ten_bps <= 10000", name="share_in_range"),
        CheckConstraint("length(reason) BETWEEN 10 AND 500", name="reason_fits"),
    )

    version: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    market_cap: Mapped[int] = mapped_column(BigInteger)
    volume_24h: Mapped[int] = mapped_column(BigInteger)
    liquidity: Mapped[int] = mapped_column(BigInteger)
    holders: Mapped[int]
    top_ten_bps: Mapped[int]
    age_days: Mapped[int]
    reason: Mapped[str]
    saved_by: Mapped[str]
    saved_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
