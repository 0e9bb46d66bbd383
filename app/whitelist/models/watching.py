"""What is known of active tokens, and which answers about them still count."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Document, Instant


class TokenWatch(Base):
    """The hourly look at one token. `facts` is what the chain said of it first, and what later looks must find."""

    __tablename__ = "token_watches"
    __table_args__ = (Index("ix_token_watches_due", "next_look_at"),)

    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"), primary_key=True, autoincrement=False)
    facts: Mapped[dict[str, str] | None] = mapped_column(Document)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Document, server_default="[]")
    looked_at: Mapped[datetime | None] = mapped_column(Instant)
    next_look_at: Mapped[datetime] = mapped_column(Instant)
    problem: Mapped[str | None]


class WhitelistGeneration(Base):
    """One row: every change of the whitelist raises the number, in the same transaction."""

    __tablename__ = "whitelist_generations"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    generation: Mapped[int] = mapped_column(BigInteger)
