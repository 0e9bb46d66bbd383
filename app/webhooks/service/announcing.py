"""Telling of what happened, in the transaction in which it happens."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select

from app.alerts.service.telling import News, taken_news
from app.core.clock import database_now
from app.core.extensions import db
from app.core.keys import new_token
from app.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from app.webhooks.rules.events import EVENTS, SEVERITIES


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


def announce_alerts(url: str) -> int:
    """Tells of every alert that began to fire or is over, by how bad it is; how many. `url` is the desk's address."""
    told = taken_news()
    for news in told:
        event = f"alert.{news.event}"
        enough = SEVERITIES[: SEVERITIES.index(news.severity) + 1]
        listening = select(WebhookEndpoint.id).where(
            WebhookEndpoint.disabled_at.is_(None), WebhookEndpoint.events.any_() == event,
            WebhookEndpoint.least_severity.in_(enough), func.concat("webhook:", WebhookEndpoint.id) != news.fingerprint,
        )  # fmt: skip
        found = db.session.scalars(listening.order_by(WebhookEndpoint.id)).all()
        if found:
            post(event, subject=news.subject, facts=_facts(news, url), endpoints=found)
    db.session.commit()
    return len(told)


def _facts(news: News, url: str) -> Mapping[str, Any]:
    """What those who are told need to know; an endpoint that fails is not told that it does."""
    return {
        "alert": news.alert_id, "fingerprint": news.fingerprint, "severity": news.severity, "service": news.service,
        "subject": news.subject, "what": news.what, "next_step": news.next_step, "count": news.count,
        "first_seen_at": news.first_seen_at.isoformat(), "url": f"{url}/alerts/{news.alert_id}",
    }  # fmt: skip


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
