"""A caller's own key for a request: the same again is answered again, and done once."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.audit.rules import Actor
from app.core.errors import Refusal
from app.core.extensions import db
from app.payouts.models import IdempotencyKey


class OtherRequest(Refusal):
    def __init__(self, key: str) -> None:
        super().__init__(
            f"The idempotency key {key} was used for another request.",
            "Give each request a key of its own.",
            status=422,
        )


def recalled(key: str | None, command: str, request: Mapping[str, Any], *, by: Actor) -> dict[str, Any] | None:
    """The answer given before, or None: then the key is this transaction's, and others that use it wait for its end."""
    if key is None:
        return None
    whole = json.dumps([by.kind, by.id, command, dict(request)], sort_keys=True, default=str)
    asked = sha256(whole.encode()).hexdigest()
    mine = insert(IdempotencyKey).values(key=key, request_hash=asked).on_conflict_do_nothing()
    if db.session.execute(mine.returning(IdempotencyKey.key)).first():
        return None
    kept = db.session.execute(
        select(IdempotencyKey.request_hash, IdempotencyKey.answer).where(IdempotencyKey.key == key)
    ).one()
    if kept.request_hash != asked:
        raise OtherRequest(key)
    return dict(kept.answer)


def remember(key: str | None, answer: Mapping[str, Any]) -> None:
    """Keeps the answer in the transaction of what it tells."""
    if key is not None:
        db.session.execute(update(IdempotencyKey).where(IdempotencyKey.key == key).values(answer=dict(answer)))
