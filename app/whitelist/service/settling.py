"""A decision takes effect once nobody can undo it any more."""

from dataclasses import dataclass
from datetime import datetime
from random import SystemRandom

from sqlalchemy import select

from app.audit.rules import SYSTEM
from app.audit.service import record
from app.core.clock import database_now
from app.core.extensions import db, settings
from app.market.queries import known_tokens
from app.market.service import NewToken, list_token
from app.whitelist.models import Decision, SecondLook, Submission, TokenWatch
from app.whitelist.rules.deciding import decimals_of
from app.whitelist.rules.watching import facts_of
from app.whitelist.service.generation import raise_generation, tell_generation
from app.whitelist.service.locking import hold_submission, tell

CHANCE = SystemRandom()
LOOKED_AT_TWICE = ("approve", "reject")


@dataclass(frozen=True)
class Settled:
    submission_id: int
    mint: str


def settle_due() -> Settled | None:
    """Settles the decision that waits longest, if one is due."""
    now = database_now()
    due = (
        select(Decision)
        .where(Decision.settled_at.is_(None), Decision.undone_at.is_(None), Decision.undo_until <= now)
        .order_by(Decision.undo_until)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    decision = db.session.scalars(due).one_or_none()
    if decision is None or decision.submission_id is None:
        return None
    submission = hold_submission(decision.submission_id)
    with db.session.no_autoflush:  # settled it is closed: everything about it goes into one update
        generation = _take_effect(decision, submission, now)
        decision.settled_at = now
    _draw_second_look(decision)
    if decision.kind != "quarantine":  # nobody outside hears of it
        tell("submission.decided", submission)
    settled = Settled(submission.id, submission.mint)
    db.session.commit()
    if generation is not None:
        tell_generation(generation)
    return settled


def _take_effect(decision: Decision, submission: Submission, now: datetime) -> int | None:
    """The number of the whitelist's new generation when a token was added to it."""
    if decision.kind != "approve":
        return None
    known = known_tokens([submission.mint]).get(submission.mint)
    if known is not None:  # a bundle brought it in the seconds between
        decision.token_id = known.id
        return None
    decimals = decimals_of(decision.evidence, submission.decimals) or 0
    token = NewToken(submission.mint, submission.symbol, submission.name, decimals)
    reason = f"approved by {decision.decided_by}, submission {submission.id}"
    decision.token_id = list_token(token, reason=reason, now=now)
    facts = facts_of(decision.evidence)
    db.session.add(TokenWatch(token_id=decision.token_id, next_look_at=now, facts=facts, lines=decision.evidence))
    generation = raise_generation()
    decision.settled_at = now
    record(
        "whitelist:token:activate", object_type="token", object_id=submission.mint, by=SYSTEM,
        after={"state": "active", "symbol": submission.symbol}, reason=reason,
    )  # fmt: skip
    return generation


def _draw_second_look(decision: Decision) -> None:
    """By lot, so that nobody knows at the time which decisions somebody else will make again."""
    if decision.kind in LOOKED_AT_TWICE and CHANCE.randrange(10_000) < settings().whitelist_second_look_bps:
        db.session.add(SecondLook(decision_id=decision.id))
