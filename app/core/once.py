"""Calls with an idempotency key: done once however often they are sent, and always answered alike."""

import hashlib
import json
import random
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Response, request
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Identity,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clients import caller
from app.core.database import Base, Instant
from app.core.errors import Refusal, refused
from app.core.extensions import db, sockets
from app.core.problems import Fault
from app.core.wholes import one_whole

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEY = re.compile(r"[\x21-\x7e]{1,255}")
KEPT = timedelta(days=8)
"""A day more than is promised."""
PATIENCE_S = 2.0
AGAIN_S = 0.05
TURN = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 9))")


class ApiAnswer(Base):
    """What a client was answered under one of its keys; `request_hash` covers method, address and body."""

    __tablename__ = "api_answers"
    __table_args__ = (
        CheckConstraint("length(key) BETWEEN 1 AND 255", name="key_short"),
        CheckConstraint("length(request_hash) = 32", name="request_hash_is_sha256"),
        UniqueConstraint("client_id", "key"),
        Index(None, "answered_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    client_id: Mapped[int]
    key: Mapped[str]
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    content_type: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    answered_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())


class KeyUsedOtherwise(Refusal):
    def __init__(self, key: str) -> None:
        super().__init__(
            f"The idempotency key {key} was used for another call.", "Give each call a key of its own, such as a UUID.",
            status=422, faults=[Fault(HEADER, "was used with another method, address or body")],
        )  # fmt: skip


class StillAnswering(Refusal):
    def __init__(self, key: str) -> None:
        super().__init__(
            f"The call with the idempotency key {key} is being answered.", "Send the same call again in a moment.",
            retry_after=1,
        )  # fmt: skip


def given_key() -> str | None:
    key = request.headers.get(HEADER)
    if key is not None and not KEY.fullmatch(key):
        raise Refusal(
            f"The header {HEADER} is no key.", "Send 1 to 255 visible ASCII characters, such as a UUID.", status=422,
            faults=[Fault(HEADER, "is not 1 to 255 visible ASCII characters")],
        )  # fmt: skip
    return key


def once(key: str, act: Callable[[], Response]) -> Response:
    """What `act` answers, kept with its effect in one transaction; sent again, what was kept.

    A refusal is kept only where something was written with it: whatever else stood in the way may be gone next time.
    """
    client_id, asked = caller().id, _request_hash()
    kept = _turn(client_id, key)
    if kept is not None:
        if kept.request_hash != asked:
            raise KeyUsedOtherwise(key)
        return Response(kept.body, kept.status, {REPLAYED: "true"}, content_type=kept.content_type)
    with one_whole(db.session()) as whole:
        try:
            answer = act()
        except Refusal as refusal:
            db.session.rollback()
            if not whole.is_changed:
                raise
            answer = refused(refusal)
        _keep(client_id, key, asked, answer)
    return answer


def _turn(client_id: int, key: str) -> Any:
    """What is kept under the key, or None once it is ours; nobody waits holding a connection."""
    kept = select(ApiAnswer.request_hash, ApiAnswer.status, ApiAnswer.content_type, ApiAnswer.body)
    kept = kept.where(ApiAnswer.client_id == client_id, ApiAnswer.key == key)
    until = time.monotonic() + PATIENCE_S
    while True:
        is_ours = db.session.execute(TURN, {"name": f"api answer {client_id} {key}"}).scalar_one()
        found = db.session.execute(kept).one_or_none()
        if found is not None or is_ours:
            return found
        db.session.rollback()
        if time.monotonic() > until:
            raise StillAnswering(key)
        sockets.sleep(AGAIN_S * (0.5 + random.random()))  # noqa: S311 (spreads retries, keeps no secret)


def _keep(client_id: int, key: str, asked: bytes, answer: Response) -> None:
    db.session.execute(
        insert(ApiAnswer).values(
            client_id=client_id, key=key, request_hash=asked, status=answer.status_code,
            content_type=answer.content_type, body=answer.get_data(),
        )
    )  # fmt: skip


def _request_hash() -> bytes:
    """Of method, address and what the body says: neither spacing nor the order of members counts."""
    body = request.get_data()
    try:
        said = json.dumps(json.loads(body, parse_float=str), sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        said = body
    address = f"{request.method} {request.full_path.rstrip('?')}\n"
    return hashlib.sha256(address.encode() + said).digest()
