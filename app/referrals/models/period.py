"""Weeks and months over which referrers are ranked, and what is counted in them as it happens."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant, Lamports
from app.referrals.rules.life import PERIOD_KINDS, PERIOD_STATES, quoted


class Period(Base):
    """Periods never overlap; one is open. Closing freezes its standings under `standings_hash`."""

    __tablename__ = "referral_periods"
    __table_args__ = (
        CheckConstraint(f"kind IN ({quoted(PERIOD_KINDS)})", name="kind_known"),
        CheckConstraint(f"state IN ({quoted(PERIOD_STATES)})", name="state_known"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL) AND (state = 'closed') = (closed_by IS NOT NULL)"
            " AND (state = 'closed') = (standings_hash IS NOT NULL)",
            name="closing_is_whole",
        ),
        ExcludeConstraint((func.tstzrange(text("starts_at"), text("ends_at")), "&&"), name="never_overlap"),
        Index("uq_referral_periods_open", "state", unique=True, postgresql_where=text("state = 'open'")),
        Index("ix_referral_periods_starts_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    kind: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(server_default="open")
    version: Mapped[int] = mapped_column(server_default="1")
    """Raised whenever who counts in it changes: a close holds for the version that was previewed."""
    programme_id: Mapped[int] = mapped_column(ForeignKey("referral_programmes.id"))
    ranked_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str | None]
    standings_hash: Mapped[str | None]


class Standing(Base):
    """One referrer in one period. `counted` ranks: qualified, and nothing open against it. Kept by each change."""

    __tablename__ = "referrer_standings"
    __table_args__ = (
        CheckConstraint(
            "clicks >= 0 AND bare_clicks >= 0 AND signups >= 0 AND pending >= 0 AND qualified >= 0 AND counted >= 0"
            " AND flagged >= 0 AND lamports >= 0",
            name="never_negative",
        ),
        CheckConstraint("counted <= qualified", name="counted_are_qualified"),
        Index("ix_referrer_standings_order", "period_id", text("counted DESC"), text("qualified DESC"), "person_id"),
        Index("ix_referrer_standings_person_id", "person_id", "period_id"),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    period_id: Mapped[int] = mapped_column(ForeignKey("referral_periods.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    clicks: Mapped[int] = mapped_column(BigInteger, server_default="0")
    bare_clicks: Mapped[int] = mapped_column(BigInteger, server_default="0")
    signups: Mapped[int] = mapped_column(server_default="0")
    pending: Mapped[int] = mapped_column(server_default="0")
    """Of its signups, those still waiting for their first paid contest."""
    qualified: Mapped[int] = mapped_column(server_default="0")
    counted: Mapped[int] = mapped_column(server_default="0")
    flagged: Mapped[int] = mapped_column(server_default="0")
    """Of its signups and qualified, those with an open signal."""
    lamports: Mapped[int] = mapped_column(Lamports, server_default="0")
    """Σ rewards of the period that are not rejected."""
    rank: Mapped[int | None]
    previous_rank: Mapped[int | None]


class SourceTally(Base):
    """What came of a source and campaign in a period: the funnel, without reading clicks."""

    __tablename__ = "source_tallies"
    __table_args__ = ({"postgresql_with": {"fillfactor": "70"}},)

    period_id: Mapped[int] = mapped_column(ForeignKey("referral_periods.id"), primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(primary_key=True)
    clicks: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """Counted ones."""
    repeats: Mapped[int] = mapped_column(BigInteger, server_default="0")
    invalid: Mapped[int] = mapped_column(BigInteger, server_default="0")
    signups: Mapped[int] = mapped_column(server_default="0")
    qualified: Mapped[int] = mapped_column(server_default="0")
    rewarded: Mapped[int] = mapped_column(server_default="0")
    lamports: Mapped[int] = mapped_column(Lamports, server_default="0")
