"""People as referrals know them: referrers, the players they brought, and where they were seen."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant, beginnings
from app.referrals.rules.attribution import ATTRIBUTIONS
from app.referrals.rules.life import quoted


class Person(Base):
    """A wallet. `identities` are keyed hashes of what else the platform knows them by; equal ones are one person.

    `attribution` says whether the signup became a referral, and else why not.
    """

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("wallet"),
        CheckConstraint("wallet ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'", name="wallet_is_base58"),
        CheckConstraint("funded_by ~ '^[1-9A-HJ-NP-Za-km-z]{32,44}$'", name="funder_is_base58"),
        CheckConstraint(f"attribution IN ({quoted(tuple(ATTRIBUTIONS))})", name="attribution_known"),
        CheckConstraint("(attribution IS NULL) = (signed_up_at IS NULL)", name="signup_is_whole"),
        CheckConstraint("num_nulls(banned_at, banned_by, ban_reason) IN (0, 3)", name="ban_is_whole"),
        CheckConstraint("num_nulls(trusted_until, trusted_by, trust_reason) IN (0, 3)", name="trust_is_whole"),
        Index("ix_people_wallet_begins", "wallet", postgresql_ops={"wallet": "text_pattern_ops"}),
        beginnings("ix_people_wallet_ends", "reverse(wallet)"),
        beginnings("ix_people_nickname_begins", "lower(nickname)"),
        Index("ix_people_identities", "identities", postgresql_using="gin"),
        Index("ix_people_funded_by", "funded_by", postgresql_where=text("funded_by IS NOT NULL")),
        Index("ix_people_banned", "id", postgresql_where=text("banned_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    wallet: Mapped[str]
    nickname: Mapped[str]
    first_seen_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    signed_up_at: Mapped[datetime | None] = mapped_column(Instant)
    attribution: Mapped[str | None]
    identities: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary), server_default="{}")
    funded_by: Mapped[str | None]
    """The wallet that sent this one its first lamports, as the platform told."""
    banned_at: Mapped[datetime | None] = mapped_column(Instant)
    banned_by: Mapped[str | None]
    ban_reason: Mapped[str | None]
    trusted_until: Mapped[datetime | None] = mapped_column(Instant)
    trusted_by: Mapped[str | None]
    trust_reason: Mapped[str | None]


class Device(Base):
    """Where a person was seen, as hashes under the key of an epoch; forgotten with the key."""

    __tablename__ = "devices"
    __table_args__ = (
        CheckConstraint(
            "octet_length(address_hash) = 16 AND octet_length(agent_hash) = 16 AND octet_length(network_hash) = 16",
            name="hashes_whole",
        ),
        Index("ix_devices_address_hash_seen_at", "address_hash", "seen_at"),
        Index("ix_devices_person_id_seen_at", "person_id", "seen_at"),
        Index("ix_devices_seen_at", "seen_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    key_epoch: Mapped[int] = mapped_column(SmallInteger)
    address_hash: Mapped[bytes] = mapped_column(LargeBinary)
    agent_hash: Mapped[bytes] = mapped_column(LargeBinary)
    network_hash: Mapped[bytes] = mapped_column(LargeBinary)
    at_signup: Mapped[bool]
    seen_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
