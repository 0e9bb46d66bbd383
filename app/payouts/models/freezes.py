"""Payouts stand still while a difference is unexplained: what was found, and the two people who let them go on."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Document, Instant


class Freeze(Base):
    """`kind` says what was found and `about` where, so that one difference freezes once."""

    __tablename__ = "payout_freezes"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="has_reason"),
        CheckConstraint(
            "(lift_asked_by IS NULL) = (lift_asked_at IS NULL)"
            " AND (lift_asked_by IS NULL) = (coalesce(length(lift_reason), 0) = 0)",
            name="asked_by_whom",
        ),
        CheckConstraint("(lifted_by IS NULL) = (lifted_at IS NULL)", name="lifted_by_whom"),
        CheckConstraint("lifted_by IS NULL OR coalesce(lifted_by <> lift_asked_by, false)", name="lifted_by_two"),
        Index("uq_payout_freezes_open", "kind", "about", unique=True, postgresql_where=text("lifted_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    kind: Mapped[str]
    about: Mapped[str]
    reason: Mapped[str]
    frozen_by: Mapped[str]
    frozen_at: Mapped[datetime] = mapped_column(Instant)
    lift_asked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    lift_asked_at: Mapped[datetime | None] = mapped_column(Instant)
    lift_reason: Mapped[str | None]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)


class Reconciliation(Base):
    """One comparison of our books with themselves and with the wallet. `cursor` is the last movement it met."""

    __tablename__ = "reconciliations"
    __table_args__ = (CheckConstraint("movements >= 0", name="movements_counted"), Index(None, "at"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    movements: Mapped[int]
    cursor: Mapped[str | None]
    differences: Mapped[list[dict[str, Any]]] = mapped_column(Document)
