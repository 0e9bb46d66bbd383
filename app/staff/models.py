"""Who works here: accounts, how they sign in, links that let people in, what slows guessing down; and API clients."""

from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant

ROLE_KNOWN = "role IN ('admin', 'support', 'wall')"
ONE_SHA256 = "length(token_hash) = 32"


class Account(Base):
    """A person who signs in. A higher `session_epoch` ends every sign-in made under a lower one."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{1,31}$'", name="name_is_plain"),
        CheckConstraint("length(display_name) BETWEEN 1 AND 80", name="display_name_short"),
        CheckConstraint(ROLE_KNOWN, name="role_known"),
        CheckConstraint("password_hash LIKE '$argon2id$%'", name="password_is_hashed"),
        Index("uq_accounts_name", text("lower(name)"), unique=True),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    display_name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    session_epoch: Mapped[int] = mapped_column(server_default="1")
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class SignIn(Base):
    """One sign-in on one browser. Only the SHA-256 of its cookie is kept; of the address only a keyed hash."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint(ONE_SHA256, name="token_hash_is_sha256"),
        UniqueConstraint("token_hash"),
        Index("ix_sessions_account_id", "account_id", "created_at"),
        Index("ix_sessions_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    epoch: Mapped[int]
    agent: Mapped[str]
    address_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    reauthenticated_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class SecondFactor(Base):
    """An authenticator app of an account, its secret sealed. Until a code confirms it, it is asked for nothing."""

    __tablename__ = "second_factors"
    __table_args__ = (
        CheckConstraint("(confirmed_at IS NULL) = (last_step IS NULL)", name="confirmed_by_a_code"),
        Index("uq_second_factors_started", "account_id", unique=True, postgresql_where=text("confirmed_at IS NULL")),
        Index(
            "uq_second_factors_confirmed", "account_id", unique=True, postgresql_where=text("confirmed_at IS NOT NULL")
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    started_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    """The half minute whose code was used last; only codes of later ones are taken."""


class RecoveryCode(Base):
    """Stands in for the app once. Shown when made; only a keyed hash is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (
        CheckConstraint("length(code_hash) = 32", name="code_hash_is_sha256"),
        UniqueConstraint("account_id", "code_hash"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Passkey(Base):
    """A key that a device or a password manager keeps for an account; here is only its public half."""

    __tablename__ = "passkeys"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 60", name="name_short"),
        CheckConstraint("length(credential_id) BETWEEN 16 AND 1023", name="credential_id_sized"),
        CheckConstraint("sign_count >= 0", name="sign_count_not_negative"),
        UniqueConstraint("credential_id"),
        Index("ix_passkeys_account_id", "account_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    """How often it signed, if it counts; a copy of a key that counts is found by it."""
    transports: Mapped[list[str]] = mapped_column(ARRAY(Text))
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class AnsweredChallenge(Base):
    """A challenge that a passkey has signed: it is taken once."""

    __tablename__ = "answered_challenges"
    __table_args__ = (
        CheckConstraint("length(challenge_hash) = 32", name="challenge_hash_is_sha256"),
        Index("ix_answered_challenges_answered_at", "answered_at"),
    )

    challenge_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    answered_at: Mapped[datetime] = mapped_column(Instant)


class OneTimeLink(Base):
    """A link that works once: the first admin, an invitation, or a new password for an account."""

    __tablename__ = "one_time_links"
    __table_args__ = (
        CheckConstraint(ONE_SHA256, name="token_hash_is_sha256"),
        CheckConstraint("purpose IN ('first_admin', 'invitation', 'password')", name="purpose_known"),
        CheckConstraint(ROLE_KNOWN, name="role_known"),
        CheckConstraint("(purpose = 'password') = (account_id IS NOT NULL)", name="password_link_has_account"),
        CheckConstraint("(purpose = 'password') = (role IS NULL)", name="other_links_have_role"),
        UniqueConstraint("token_hash"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    purpose: Mapped[str]
    role: Mapped[str | None]
    name: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class SignInFailure(Base):
    """Wrong passwords in a row of one guesser, and until when it must wait. `key` is a keyed hash."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        CheckConstraint("fails >= 0", name="fails_not_negative"),
        Index("ix_sign_in_failures_last_at", "last_at"),
    )

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    fails: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Instant)
    blocked_until: Mapped[datetime] = mapped_column(Instant)


class ApiClient(Base):
    """A program that calls the JSON API. Its key is shown once; `prefix` tells keys apart, only the SHA-256 is kept."""

    __tablename__ = "api_clients"
    __table_args__ = (
        CheckConstraint("name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{1,31}$'", name="name_is_plain"),
        CheckConstraint("cardinality(scopes) > 0", name="has_scopes"),
        CheckConstraint("cardinality(sources) > 0", name="has_sources"),
        CheckConstraint("prefix ~ '^[0-9a-f]{8}$'", name="prefix_is_plain"),
        CheckConstraint("length(key_hash) = 32", name="key_hash_is_sha256"),
        CheckConstraint(
            "num_nulls(previous_prefix, previous_key_hash, previous_until) IN (0, 3)", name="previous_is_whole"
        ),
        Index("uq_api_clients_name", text("lower(name)"), unique=True),
        UniqueConstraint("prefix"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sources: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Whose prices it may tell, by name; `*`: anybody's."""
    prefix: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
    previous_prefix: Mapped[str | None]
    previous_key_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_until: Mapped[datetime | None] = mapped_column(Instant)
    """So long the key before this one works beside it."""
    previous_used_at: Mapped[datetime | None] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """None: made on the command line."""
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    """To the minute."""
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class Mention(Base):
    """Somebody was called in a note by `@name`. Stays on that person's Today page until it is marked as seen."""

    __tablename__ = "mentions"
    __table_args__ = (
        CheckConstraint("length(words) BETWEEN 1 AND 2000", name="words_fit"),
        Index("ix_mentions_unseen", "account_id", "id", postgresql_where=text("seen_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    object_type: Mapped[str]
    object_id: Mapped[str]
    words: Mapped[str]
    said_by: Mapped[str]
    said_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
