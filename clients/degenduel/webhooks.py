"""Whether an event really comes from DegenDuel Ops (Standard Webhooks)."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

WINDOW_S = 300


class NotSigned(Exception):
    """Signed with another secret, too long ago, or not at all."""


def verified(secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> dict[str, Any]:
    """The event in the body. Raises NotSigned unless one of its marks was made with the secret in the last minutes."""
    told = {name.lower(): value for name, value in headers.items()}
    message, moment = told.get("webhook-id", ""), told.get("webhook-timestamp", "")
    if not moment.isdigit() or abs((time.time() if now is None else now) - int(moment)) > WINDOW_S:
        raise NotSigned("The event was signed too long ago, or its time is missing.")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mark = base64.b64encode(hmac.digest(key, f"{message}.{moment}.".encode() + body, hashlib.sha256)).decode()
    marks = [one.removeprefix("v1,") for one in told.get("webhook-signature", "").split() if one.startswith("v1,")]
    if not any(hmac.compare_digest(mark.encode(), one.encode()) for one in marks):
        raise NotSigned("No signature of the event was made with this secret.")
    event: dict[str, Any] = json.loads(body)
    return event
