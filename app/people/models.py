"""What people at the desk keep about a person."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant


class PersonNote(Base):
    """Append-only: a wrong note is followed by a right one. The person is the wallet, whoever else knows it."""

    __tablename__ = "person_notes"
    __table_args__ = (
        CheckConstraint("wallet ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'", name="wallet_is_base58"),
        CheckConstraint("length(words) BETWEEN 1 AND 2000", name="words_fit"),
        Index("ix_person_notes_wallet_said_at_id", "wallet", "said_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    wallet: Mapped[str]
    words: Mapped[str]
    said_by: Mapped[str]
    said_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
