"""What a caller's own key was answered, kept in the transaction of what it did."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Document, Instant


class IdempotencyKey(Base):
    """`request_hash` covers who asked, for what command, with what values."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        CheckConstraint("length(key) BETWEEN 1 AND 255", name="key_short"),
        CheckConstraint("request_hash ~ '^[0-9a-f]{64}$'", name="request_hash_is_sha256"),
        Index(None, "created_at"),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    answer: Mapped[dict[str, Any] | None] = mapped_column(Document)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
