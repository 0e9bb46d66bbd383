"""Managed reasons: what a submitter is told, in words that a colleague wrote once."""

from sqlalchemy import select

from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.whitelist.models import DecisionReason
from app.whitelist.rules.life import ON_SUBMISSIONS, ON_TOKENS

OF_TOKENS = "stop"
"""The kind of the reasons for which a token is stopped."""
AUTHORITY_CHANGED = "authority_changed"
"""The one that the hourly look names."""


class ReasonMissing(Refusal):
    def __init__(self, kind: str) -> None:
        super().__init__(f"To {kind} takes one of the reasons in use.", "Choose one from the list.", status=422)


def message_of(kind: str, code: str, words: str, *, of_token: bool = False) -> str:
    """What is told: the reason's words, then the reviewer's own. Raises ReasonMissing where a reason is a must."""
    known = ON_TOKENS if of_token else ON_SUBMISSIONS
    if not known[kind].asks_reason:
        return words.strip()
    wanted = select(DecisionReason.words).where(
        DecisionReason.code == code,
        DecisionReason.kind == (OF_TOKENS if of_token else kind),
        DecisionReason.retired_at.is_(None),
    )
    told = db.session.execute(wanted).scalar_one_or_none()
    if told is None:
        raise ReasonMissing(kind)
    return f"{told}\n{words.strip()}".strip()


def save_reason(code: str, *, kind: str, words: str, by: Actor) -> None:
    if _in_use(code) is not None:
        raise Refusal(f"There is a reason {code} already.", "Retire it first, or take another code.")
    db.session.add(DecisionReason(code=code, kind=kind, words=words, saved_by=by.name))
    record("whitelist:reason:save", object_type="decision_reason", object_id=code, by=by,
           after={"kind": kind, "words": words})  # fmt: skip
    db.session.commit()


def retire_reason(code: str, *, by: Actor) -> None:
    """No longer offered; decisions keep the words they were made with."""
    if code == AUTHORITY_CHANGED:
        raise Refusal(f"The hourly look at tokens stops them for {code}.", "Retire another one.")
    reason = _in_use(code)
    if reason is None:
        raise Refusal(f"The reason {code} is no longer in use.", "Look at the list as it is now.")
    reason.retired_at = database_now()
    record("whitelist:reason:retire", object_type="decision_reason", object_id=code, by=by,
           before={"words": reason.words})  # fmt: skip
    db.session.commit()


def _in_use(code: str) -> DecisionReason | None:
    wanted = select(DecisionReason).where(DecisionReason.code == code, DecisionReason.retired_at.is_(None))
    return db.session.scalars(wanted.with_for_update()).one_or_none()
