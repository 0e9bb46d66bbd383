"""What pages, commands and the worker ask about webhooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from app.alerts.rules.found import Found
from app.core.extensions import db, settings
from app.core.paging import Page, Place, page
from app.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from app.webhooks.rules.trying import OVERLAP

LISTED = 50
FIRST = Place()
LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class EndpointLine:
    id: int
    name: str
    url: str
    kind: str
    least_severity: str
    events: Sequence[str]
    made_by: str
    made_at: datetime
    disabled_at: datetime | None
    last_success_at: datetime | None
    failures: int
    rests_until: datetime | None
    previous_until: datetime | None
    waiting: int
    dead: int


@dataclass(frozen=True)
class DeliveryLine:
    id: int
    endpoint: str
    event: str
    subject: str
    message_id: str
    at: datetime
    state: str
    attempts: int
    next_try_at: datetime
    tried_at: datetime | None
    status: int | None
    answer: str | None
    problem: str | None


def endpoints() -> Sequence[EndpointLine]:
    of_endpoint, state = WebhookDelivery.endpoint_id == WebhookEndpoint.id, WebhookDelivery.state
    counted = [
        select(func.count()).where(of_endpoint, state == wanted).correlate(WebhookEndpoint).scalar_subquery()
        for wanted in ("pending", "dead")
    ]
    row = WebhookEndpoint
    wanted: Any = select(
        row.id, row.name, row.url, row.kind, row.least_severity, row.events,
        row.made_by, row.made_at, row.disabled_at, row.last_success_at,
        row.failures, row.rests_until, row.previous_until, *counted,
    ).order_by(func.lower(row.name), row.id)  # fmt: skip
    return [EndpointLine(*found) for found in db.session.execute(wanted)]


def deliveries(at: Place = FIRST, *, state: str | None = None) -> Page[DeliveryLine]:
    """First those that happened last."""
    mine, event = WebhookDelivery, WebhookEvent
    wanted: Any = (
        select(
            mine.id, WebhookEndpoint.name, event.event, event.subject, event.message_id, event.at, mine.state,
            mine.attempts, mine.next_try_at, mine.tried_at, mine.status, mine.answer, mine.problem,
        )
        .join(event, event.id == mine.event_id)
        .join(WebhookEndpoint, WebhookEndpoint.id == mine.endpoint_id)
        .order_by(mine.id if at.backwards else mine.id.desc())
        .limit(LISTED + 1)
    )  # fmt: skip
    if state:
        wanted = wanted.where(mine.state == state)
    if at.key:
        wanted = wanted.where(mine.id > at.key[0] if at.backwards else mine.id < at.key[0])
    found = [DeliveryLine(*row) for row in db.session.execute(wanted)]
    return page(found, at, LISTED, lambda line: (line.id,))


def due_at(now: datetime) -> Sequence[ColumnElement[bool]]:
    """What holds for a delivery that can be sent: its time has come, and its endpoint is neither off nor resting."""
    resting = WebhookEndpoint.rests_until
    return (
        WebhookDelivery.state == "pending",
        WebhookDelivery.next_try_at <= now,
        WebhookEndpoint.disabled_at.is_(None),
        or_(resting.is_(None), resting <= now),
    )


def is_any_due(now: datetime) -> bool:
    wanted = select(WebhookDelivery.id).join(WebhookEndpoint).where(*due_at(now)).limit(1)
    return db.session.scalars(wanted).one_or_none() is not None


def deliveries_late() -> Sequence[Found]:
    """Of the deliveries that nothing keeps from being sent, the one that has waited longest."""
    now: Any = func.clock_timestamp()
    wanted = select(func.min(WebhookDelivery.next_try_at)).join(WebhookEndpoint).where(*due_at(now))
    oldest = db.session.execute(wanted.where(WebhookDelivery.next_try_at < now - LATE)).scalar()
    if oldest is None:
        return []
    what = f"A delivery has been due since {oldest:%F %T} UTC and nobody sends it"
    step = "See whether a worker is at work"
    return [Found("queue:webhooks", "warning", "Webhooks wait", what, step, link="/webhooks")]


def secrets_old() -> Sequence[Found]:
    """Secrets of programs that nobody replaced for as long as the settings allow."""
    row, most = WebhookEndpoint, timedelta(days=settings().secret_days)
    made_at = func.coalesce(row.previous_until - OVERLAP, row.made_at)
    wanted = select(row.id, row.name, made_at).where(row.kind == "webhook", row.disabled_at.is_(None))
    old = wanted.where(made_at < func.clock_timestamp() - most).order_by(row.id).limit(LISTED)
    return [
        Found(
            f"secret:webhook:{number}", "info", f"Secret of {name} is old", f"It was made on {made:%F}",
            f"Make a new secret for {name} and hand it over", link="/webhooks",
        )
        for number, name, made in db.session.execute(old)
    ]  # fmt: skip
