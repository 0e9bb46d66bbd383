"""Clicks as they came, what counts them once, and the keys that hide where they came from."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, SmallInteger, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant
from app.referrals.rules.clicks import VERDICTS
from app.referrals.rules.life import quoted


class Click(Base):
    """One answer of `/r/<code>`. The id is a UUIDv7: its first 48 bits are the time, by which the table is parted.

    There are no foreign keys: codes are never deleted, and a click costs one row and two index entries.
    """

    __tablename__ = "clicks"
    __table_args__ = (
        CheckConstraint(f"verdict IN ({quoted(tuple(VERDICTS))})", name="verdict_known"),
        CheckConstraint("length(code) <= 64 AND length(source) <= 32 AND length(campaign) <= 32", name="words_fit"),
        Index("ix_clicks_code_id_id", "code_id", "id", postgresql_where=text("code_id IS NOT NULL")),
        {"postgresql_partition_by": "RANGE (id)"},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    code: Mapped[str]
    code_id: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[str]
    campaign: Mapped[str]
    verdict: Mapped[str]
    is_bare: Mapped[bool]
    """The browser did not say how it came here: old ones do not, and neither do scripts."""
    key_epoch: Mapped[int] = mapped_column(SmallInteger)
    address_hash: Mapped[bytes] = mapped_column(LargeBinary)
    agent_hash: Mapped[bytes] = mapped_column(LargeBinary)
    network_hash: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())


class Visit(Base):
    """A browser that follows a code: while its 24 hours last, its other clicks are repeats."""

    __tablename__ = "visits"
    __table_args__ = (Index("ix_visits_at", "at"),)

    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class HashKey(Base):
    """The key of one epoch of 30 days, sealed. Deleted 90 days after its epoch, nothing under it can be told apart."""

    __tablename__ = "hash_keys"

    epoch: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
