"""Challenges that passkeys sign. One carries its purpose, its time and our seal, and is taken once.

So nothing is kept of a page that was only looked at.
"""

import hmac
import secrets
import struct
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy.dialects.postgresql import insert

from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.core.keys import keyed_hash
from app.staff.models import AnsweredChallenge

LASTS = timedelta(minutes=10)
_HEAD = struct.Struct(">16sQ")


class ChallengeGone(Refusal):
    def __init__(self) -> None:
        what = "The page was open too long, or this was sent before."
        super().__init__(what, "Try again from the page as it is now.", status=422)


def new_challenge(purpose: str, now: datetime) -> bytes:
    """`purpose` names what the answer is for and, where somebody is signed in, the sign-in."""
    head = _HEAD.pack(secrets.token_bytes(16), int(now.timestamp()))
    return head + _seal(purpose, head)


def use_up(challenge: bytes, purpose: str) -> None:
    """Refuses one that is not ours, not for this, too old, or used. Joins the caller's transaction."""
    head, seal = challenge[: _HEAD.size], challenge[_HEAD.size :]
    if not hmac.compare_digest(seal, _seal(purpose, head)):
        raise ChallengeGone
    _, made_at = _HEAD.unpack(head)
    now = database_now()
    if not 0 <= now.timestamp() - made_at <= LASTS.total_seconds():
        raise ChallengeGone
    used = insert(AnsweredChallenge).values(challenge_hash=sha256(challenge).digest(), answered_at=now)
    if db.session.execute(used.on_conflict_do_nothing().returning(AnsweredChallenge.answered_at)).first() is None:
        raise ChallengeGone


def _seal(purpose: str, head: bytes) -> bytes:
    return keyed_hash("passkey challenge", f"{purpose} {head.hex()}")
