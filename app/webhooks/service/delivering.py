"""Taking one delivery to send, writing down what was answered, and sending one again."""

import random
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from app.alerts.service.alerting import note_alert, settle_alert
from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.core.keys import unseal
from app.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from app.webhooks.queries import due_at
from app.webhooks.rules.trying import KEPT, LEASE, TRIES, pause, rest
from app.webhooks.rules.wording import chat_body
from app.webhooks.service.endpoints import CHATS, PURPOSE, fingerprint


@dataclass(frozen=True)
class Parcel:
    """Everything to send it with; `attempt` tells this try from those of others after the lease."""

    delivery_id: int
    attempt: int
    url: str
    message_id: str
    timestamp: int
    body: bytes
    secrets: tuple[str, ...]
    kind: str = "webhook"


@dataclass(frozen=True)
class Answer:
    """`problem` is None when it arrived; `status` is None when nobody answered."""

    status: int | None
    text: str
    problem: str | None


def claim() -> Parcel | None:
    """Takes one delivery that is due and leases it, so that whoever dies while sending it keeps it from nobody."""
    now = database_now()
    wanted = (
        select(WebhookDelivery, WebhookEndpoint, WebhookEvent)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .join(WebhookEvent, WebhookEvent.id == WebhookDelivery.event_id)
        .where(*due_at(now))
        .order_by(WebhookDelivery.next_try_at, WebhookDelivery.id)
        .limit(1)
        .with_for_update(of=WebhookDelivery, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        return None
    delivery, endpoint, event = found
    delivery.attempts += 1
    delivery.next_try_at, delivery.tried_at = now + LEASE, now
    parcel = Parcel(
        delivery.id, delivery.attempts, _address(endpoint), event.message_id, int(now.timestamp()),
        _body(endpoint, event), _secrets(endpoint, now), endpoint.kind,
    )  # fmt: skip
    db.session.commit()
    return parcel


def note_answer(parcel: Parcel, answer: Answer) -> None:
    """Writes down how the attempt went, unless its lease ran out and it is somebody else's."""
    delivery = _hold(parcel.delivery_id)
    if delivery is not None and delivery.state == "pending" and delivery.attempts == parcel.attempt:
        wanted = select(WebhookEndpoint).where(WebhookEndpoint.id == delivery.endpoint_id).with_for_update()
        endpoint = db.session.scalars(wanted.execution_options(populate_existing=True)).one()
        delivery.status, delivery.answer, delivery.problem = answer.status, answer.text, answer.problem
        _arrived(delivery, endpoint) if answer.problem is None else _failed(delivery, endpoint, answer.problem)
    db.session.commit()


def replay(delivery_id: int, *, by: Actor) -> None:
    """Sends it once more, under the same id: whoever has it already can tell."""
    delivery = _hold(delivery_id)
    if delivery is None:
        raise Refusal(f"There is no delivery {delivery_id}.", "Look at the log as it is now.", status=404)
    if delivery.state == "pending":
        raise Refusal(f"Delivery {delivery_id} is on its way already.", "The log says when it is tried next.")
    before = {"state": delivery.state, "attempts": delivery.attempts}
    delivery.state, delivery.attempts, delivery.next_try_at = "pending", 0, database_now()
    record(
        "webhooks:delivery:replay", object_type="webhook_delivery", object_id=delivery_id, by=by,
        before=before, after={"state": "pending", "attempts": 0},
    )  # fmt: skip
    db.session.commit()


def forget_old() -> bool:
    """Whether there were events that nobody needs any more: old ones, none of whose deliveries is on its way."""
    waits = select(WebhookDelivery.id).where(
        WebhookDelivery.event_id == WebhookEvent.id, WebhookDelivery.state == "pending"
    )
    old = delete(WebhookEvent).where(WebhookEvent.at < database_now() - KEPT, ~waits.exists())
    gone = db.session.execute(old.returning(WebhookEvent.id)).all()
    db.session.commit()
    return bool(gone)


def _hold(delivery_id: int) -> WebhookDelivery | None:
    wanted = select(WebhookDelivery).where(WebhookDelivery.id == delivery_id).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _address(endpoint: WebhookEndpoint) -> str:
    return unseal(PURPOSE, endpoint.sealed_secret) if endpoint.kind in CHATS else endpoint.url


def _body(endpoint: WebhookEndpoint, event: WebhookEvent) -> bytes:
    return chat_body(endpoint.kind, event.body) if endpoint.kind in CHATS else event.body.encode()


def _secrets(endpoint: WebhookEndpoint, now: datetime) -> tuple[str, ...]:
    if endpoint.kind != "webhook":
        return ()
    sealed = [endpoint.sealed_secret]
    if endpoint.sealed_previous and endpoint.previous_until and now < endpoint.previous_until:
        sealed.append(endpoint.sealed_previous)
    return tuple(unseal(PURPOSE, one) for one in sealed)


def _arrived(delivery: WebhookDelivery, endpoint: WebhookEndpoint) -> None:
    delivery.state = "delivered"
    endpoint.last_success_at, endpoint.failures, endpoint.rests_until = database_now(), 0, None
    settle_alert(fingerprint(endpoint.id), reason=f"{endpoint.name} answers again")


def _failed(delivery: WebhookDelivery, endpoint: WebhookEndpoint, problem: str) -> None:
    now = database_now()
    endpoint.failures += 1
    endpoint.rests_until = now + rest(endpoint.failures)
    delivery.next_try_at = now + pause(delivery.attempts, random.random())  # noqa: S311 (spreads retries, keeps no secret)
    if delivery.attempts < TRIES:
        return
    delivery.state = "dead"
    note_alert(
        fingerprint(endpoint.id), severity="warning", subject=f"Webhook {endpoint.name}",
        what=f"Delivery {delivery.id} was given up after {delivery.attempts} tries: {problem}",
        next_step="Ask who runs it, then send the delivery again from the page of webhooks",
    )  # fmt: skip
