"""What referrals are promised, and the codes by which they come."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Document, Instant, Lamports


class Programme(Base):
    """One version of the terms; its id is the version. A referral keeps the one of its signup, for ever.

    `milestones`: lamports by the number of qualified friends. `places`: lamports by rank in a period, the first first.
    """

    __tablename__ = "referral_programmes"
    __table_args__ = (
        CheckConstraint("signup_lamports >= 0 AND contest_lamports >= 0", name="money_not_negative"),
        CheckConstraint("window_days BETWEEN 1 AND 365 AND hold_days BETWEEN 0 AND 90", name="days_fit"),
        CheckConstraint("cap_lamports > 0", name="cap_positive"),
        CheckConstraint("length(reason) > 0", name="has_reason"),
        Index("ix_referral_programmes_starts_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(Instant)
    signup_lamports: Mapped[int] = mapped_column(Lamports)
    contest_lamports: Mapped[int] = mapped_column(Lamports)
    milestones: Mapped[dict[str, int]] = mapped_column(Document)
    places: Mapped[list[int]] = mapped_column(Document)
    window_days: Mapped[int]
    hold_days: Mapped[int]
    cap_lamports: Mapped[int | None] = mapped_column(Lamports)
    """Most that one referrer earns in one period."""
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    reason: Mapped[str]


class Code(Base):
    """What a referrer's link carries. Codes differ by more than their case."""

    __tablename__ = "referral_codes"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("code ~ '^[A-Z0-9][A-Z0-9_-]{2,31}$'", name="code_fits"),
        CheckConstraint("campaign ~ '^[a-z0-9][a-z0-9_-]{0,31}$'", name="campaign_fits"),
        Index("ix_referral_codes_code_begins", "code", postgresql_ops={"code": "text_pattern_ops"}),
        Index("ix_referral_codes_person_id", "person_id"),
        Index("ix_referral_codes_campaign", "campaign"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    code: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    campaign: Mapped[str] = mapped_column(server_default="none")
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    retired_at: Mapped[datetime | None] = mapped_column(Instant)
