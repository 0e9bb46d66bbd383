"""Who is told, what happened, and how the telling goes."""

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


class WebhookEndpoint(Base):
    """An address that hears of some events. Its secrets are sealed; the previous one signs too for a while."""

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 80", name="name_fits"),
        CheckConstraint("url ~ '^(https?://|mailto:)' AND length(url) <= 500", name="url_fits"),
        CheckConstraint(
            "kind IN ('webhook', 'slack', 'discord', 'mail') AND (kind = 'mail') = (url LIKE 'mailto:%')",
            name="kind_known",
        ),
        CheckConstraint("least_severity IN ('info', 'warning', 'critical')", name="severity_known"),
        CheckConstraint("cardinality(events) > 0", name="hears_something"),
        CheckConstraint("num_nulls(sealed_previous, previous_until) IN (0, 2)", name="previous_is_whole"),
        Index("uq_webhook_endpoints_name", text("lower(name)"), unique=True),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    """Where it leads; of a chat only the host, for whoever knows its address may write there: that is its secret."""
    kind: Mapped[str] = mapped_column(server_default="webhook")
    least_severity: Mapped[str] = mapped_column(server_default="info")
    """Alerts that are less bad are not told there."""
    events: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_previous: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_until: Mapped[datetime | None] = mapped_column(Instant)
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    last_success_at: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(server_default="0")
    rests_until: Mapped[datetime | None] = mapped_column(Instant)
    """Who just failed is left alone for a moment, so that one dead address keeps nobody else waiting."""


class WebhookEvent(Base):
    """What happened, written with it in one transaction. Every attempt sends exactly this body under this id."""

    __tablename__ = "webhook_events"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index("ix_webhook_events_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    message_id: Mapped[str]
    event: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)


class WebhookDelivery(Base):
    """One event on its way to one endpoint. While it is being sent, `next_try_at` is the end of the sender's lease."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'delivered', 'dead')", name="state_known"),
        UniqueConstraint("endpoint_id", "event_id"),
        Index("ix_webhook_deliveries_event_id", "event_id"),
        Index("ix_webhook_deliveries_due", "next_try_at", "id", postgresql_where=text("state = 'pending'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("webhook_events.id", ondelete="CASCADE"))
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id"))
    state: Mapped[str] = mapped_column(server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_try_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    tried_at: Mapped[datetime | None] = mapped_column(Instant)
    status: Mapped[int | None]
    answer: Mapped[str | None]
    problem: Mapped[str | None]
