"""The audit log: a chain of rows that the database itself links and refuses to change."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Computed, FetchedValue, Index, LargeBinary
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Document, Instant

WORDS = (
    "to_tsvector('simple'::regconfig, actor_name || ' '::text || action || ' '::text || object_type || ' '::text"
    " || object_id || ' '::text || COALESCE(reason, ''::text))"
)


class AuditEntry(Base):
    """`seq`, `at`, `prev` and `hash` are set by a trigger; a row is written once and never changes."""

    __tablename__ = "audit_log"
    __table_args__ = (
        CheckConstraint("actor_kind IN ('staff', 'system', 'api')", name="actor_kind_known"),
        CheckConstraint("action ~ '^[a-z_]+:[a-z_]+:[a-z_]+$'", name="action_has_three_parts"),
        CheckConstraint("length(reason) BETWEEN 1 AND 2000", name="reason_short"),
        Index("ix_audit_log_object", "object_type", "object_id", "seq"),
        Index("ix_audit_log_actor", "actor_name", "seq"),
        Index("ix_audit_log_action", "action", "seq"),
        Index("ix_audit_log_at", "at"),
        Index("ix_audit_log_words", "words", postgresql_using="gin"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, FetchedValue(), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_kind: Mapped[str]
    actor_id: Mapped[str]
    actor_name: Mapped[str]
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(Document)
    after: Mapped[dict[str, Any] | None] = mapped_column(Document)
    reason: Mapped[str | None]
    request_id: Mapped[str | None]
    prev: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    words: Mapped[str] = mapped_column(TSVECTOR, Computed(WORDS, persisted=True))


class AuditHead(Base):
    """One row: the last link of the chain. Writers queue on it, so the order of the chain is the order of commits."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditCheck(Base):
    """One verification of the whole chain: how far it got, and the first bad row if there was one."""

    __tablename__ = "audit_checks"
    __table_args__ = (CheckConstraint("(fault IS NULL) = (fault_seq IS NULL)", name="fault_names_its_row"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    fault_seq: Mapped[int | None] = mapped_column(BigInteger)
    fault: Mapped[str | None]
