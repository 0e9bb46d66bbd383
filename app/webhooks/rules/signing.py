"""Signatures as Standard Webhooks describes them: HMAC-SHA256 over id, timestamp and body."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence

PREFIX = "whsec_"


def secret_of(random: bytes) -> str:
    return PREFIX + b64encode(random).decode()


def signed(secrets: Sequence[str], *, message_id: str, timestamp: int, body: bytes) -> Mapping[str, str]:
    """The three headers; while a secret is being replaced there is a signature by each."""
    content = f"{message_id}.{timestamp}.".encode() + body
    marks = [hmac.digest(b64decode(secret.removeprefix(PREFIX)), content, "sha256") for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join("v1," + b64encode(mark).decode() for mark in marks),
    }
