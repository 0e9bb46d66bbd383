"""Who is told: adding, testing, turning off and on, and a new secret."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.alerts.service.alerting import settle_alert
from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db, settings
from app.core.keys import seal
from app.webhooks.models import WebhookEndpoint
from app.webhooks.rules.addresses import fault_of, shortened
from app.webhooks.rules.events import ALERTS, EVENTS, TEST
from app.webhooks.rules.signing import secret_of
from app.webhooks.rules.trying import OVERLAP
from app.webhooks.service.announcing import post

PURPOSE = "webhook secret"
CHATS = ("slack", "discord")
MAIL = re.compile(r"mailto:[^\s@<>,;:\"]+@[^\s@<>,;:\"]+")
SECRET_BYTES = 32


@dataclass(frozen=True)
class Shown:
    """A new secret, to be shown this once."""

    id: int
    name: str
    secret: str


class NoSuchEndpoint(Refusal):
    def __init__(self, endpoint_id: int) -> None:
        super().__init__(f"There is no webhook endpoint {endpoint_id}.", "Look at the list of endpoints.", status=404)


def add_endpoint(
    name: str, *, url: str, events: Sequence[str], kind: str = "webhook", least_severity: str = "info", by: Actor
) -> Shown:
    """People hear of alerts only. Of a chat, the address itself is kept sealed, as its secret."""
    events = events if kind == "webhook" else ALERTS
    url = f"mailto:{url.removeprefix('mailto:')}" if kind == "mail" else url
    _refuse_unusable(name, kind, url, events)
    secret = url if kind in CHATS else _new_secret()
    shown_url = shortened(url) if kind in CHATS else url
    row = WebhookEndpoint(
        name=name, kind=kind, url=shown_url, events=sorted(set(events)), least_severity=least_severity,
        sealed_secret=seal(PURPOSE, secret), made_by=by.name,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _noted("add", row, by, before=None)
    db.session.commit()
    return Shown(row.id, name, secret if kind == "webhook" else "")


def rotate_secret(endpoint_id: int, *, by: Actor) -> Shown:
    """The old secret signs beside the new one for a day, so that nothing is missed while they change it."""
    row = _hold(endpoint_id)
    if row.kind != "webhook":
        raise Refusal(f"{row.name} has no secret of ours.", "Add it anew with its new address.", status=422)
    secret = _new_secret()
    row.sealed_previous, row.previous_until = row.sealed_secret, database_now() + OVERLAP
    row.sealed_secret = seal(PURPOSE, secret)
    record(
        "webhooks:secret:rotate", object_type="webhook_endpoint", object_id=endpoint_id, by=by,
        after={"previous_until": row.previous_until.isoformat()},
    )  # fmt: skip
    db.session.commit()
    return Shown(row.id, row.name, secret)


def disable(endpoint_id: int, *, by: Actor) -> None:
    row = _hold(endpoint_id)
    if row.disabled_at is not None:
        raise Refusal(f"{row.name} is off already.", "Nothing is sent to it.")
    before = _facts(row)
    row.disabled_at = database_now()
    settle_alert(fingerprint(row.id), by=by, reason=f"{row.name} was turned off")
    _noted("disable", row, by, before)
    db.session.commit()


def enable(endpoint_id: int, *, by: Actor) -> None:
    """What waited when it was turned off is sent now; what happened meanwhile is not."""
    row = _hold(endpoint_id)
    if row.disabled_at is None:
        raise Refusal(f"{row.name} is on already.", "What happens is sent to it.")
    before = _facts(row)
    row.disabled_at, row.failures, row.rests_until = None, 0, None
    _noted("enable", row, by, before)
    db.session.commit()


def send_test(endpoint_id: int, *, by: Actor) -> None:
    """Posts an event that only this endpoint gets; the delivery log says how it went."""
    row = _hold(endpoint_id)
    if row.disabled_at is not None:
        raise Refusal(f"{row.name} is off, so nothing is sent to it.", "Turn it on first.")
    row.rests_until = None
    post(TEST, subject=row.name, facts={"endpoint": row.name, "asked_by": by.name}, endpoints=[row.id])
    record("webhooks:endpoint:test", object_type="webhook_endpoint", object_id=endpoint_id, by=by)
    db.session.commit()


def fingerprint(endpoint_id: int) -> str:
    """Of the alert that says what was given up."""
    return f"webhook:{endpoint_id}"


def _hold(endpoint_id: int) -> WebhookEndpoint:
    wanted = select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id).with_for_update()
    row = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NoSuchEndpoint(endpoint_id)
    return row


def _refuse_unusable(name: str, kind: str, url: str, events: Sequence[str]) -> None:
    if kind == "mail":
        fault = None if MAIL.fullmatch(url) else "Type one e-mail address, such as ops@example.org."
    else:
        fault = fault_of(url, private=settings().webhook_private_addresses)
    if fault:
        raise Refusal(f"Nothing can be sent to {url}.", fault, status=422)
    if not events or not set(events) <= EVENTS.keys():
        raise Refusal("An endpoint hears of at least one event.", f"There are: {', '.join(EVENTS)}.", status=422)
    same = select(WebhookEndpoint.id).where(func.lower(WebhookEndpoint.name) == name.lower())
    if db.session.scalars(same).one_or_none() is not None:
        raise Refusal(f"There is an endpoint {name} already.", "Choose another name.", status=422)


def _new_secret() -> str:
    return secret_of(secrets.token_bytes(SECRET_BYTES))


def _noted(verb: str, row: WebhookEndpoint, by: Actor, before: dict[str, object] | None) -> None:
    record(
        f"webhooks:endpoint:{verb}", object_type="webhook_endpoint", object_id=row.id, by=by,
        before=before, after=_facts(row),
    )  # fmt: skip


def _facts(row: WebhookEndpoint) -> dict[str, object]:
    return {
        "name": row.name, "url": row.url, "events": ", ".join(row.events),
        "state": "off" if row.disabled_at else "on",
    }  # fmt: skip
