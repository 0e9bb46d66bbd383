"""Telling of what happened, in the transaction in which it happens."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select

from app.core.clock import database_now
from app.core.extensions import db
from app.core.keys import new_token
from app.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from app.webhooks.rules.events import EVENTS


def announce(event: str, *, subject: str, facts: Mapping[str, Any]) -> None:
    """Writes the event for everybody who listens, in the caller's transaction: it is told only if that commits."""
    if event not in EVENTS:
        raise ValueError(f"{event} is none of the events of webhooks")
    listening = select(WebhookEndpoint.id).where(
        WebhookEndpoint.disabled_at.is_(None), WebhookEndpoint.events.any_() == event
    )
    found = db.session.scalars(listening.order_by(WebhookEndpoint.id)).all()
    if found:
        post(event, subject=subject, facts=facts, endpoints=found)


def post(event: str, *, subject: str, facts: Mapping[str, Any], endpoints: Sequence[int]) -> None:
    """One event and a delivery of it for each endpoint, in the caller's transaction."""
    at = database_now()
    body = json.dumps(
        {"type": event, "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "data": dict(facts)},
        ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip
    row = WebhookEvent(message_id=f"msg_{new_token()}", event=event, subject=subject, body=body, at=at)
    db.session.add(row)
    db.session.flush()
    db.session.execute(insert(WebhookDelivery), [{"event_id": row.id, "endpoint_id": one} for one in endpoints])
