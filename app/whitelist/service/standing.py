"""Stopping a token, and letting it be traded again. What it touches is looked up first and kept with the decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.core.upward import answer_of
from app.market.service import change_state, hold_token
from app.whitelist.models import Decision, TokenWatch
from app.whitelist.rules.impact import QUESTION, STATES, Impact
from app.whitelist.rules.life import FROM, ON_TOKENS
from app.whitelist.service.generation import raise_generation, tell_generation
from app.whitelist.service.reasons import message_of


@dataclass(frozen=True)
class Order:
    """What somebody wants of a token. `seen_state` is what the page showed."""

    kind: str
    seen_state: str
    key: str
    reason_code: str = ""
    words: str = ""


@dataclass(frozen=True)
class Moved:
    """`generation` is the whitelist's new number; None when the same order had been carried out before."""

    mint: str
    symbol: str
    done: str
    generation: int | None = None


class TokenChanged(Refusal):
    def __init__(self, symbol: str, state: str, reason: str) -> None:
        super().__init__(f"{symbol} is {state} now: {reason}.", "Look at it as it is now, then decide again.")


def impact_on(token_id: int) -> Impact:
    """What stopping the token would touch, as the contests tell it."""
    found: Impact = answer_of(QUESTION)(token_id)
    return found


def states_now(impact: Mapping[str, Any] | None) -> dict[str, str]:
    """In which state the contests are now that a kept impact names."""
    codes = [str(one["code"]) for one in impact["contests"]] if impact else []
    found: dict[str, str] = answer_of(STATES)(codes) if codes else {}
    return found


def order(mint: str, wanted: Order, *, by: Actor) -> Moved:
    """Takes effect at once, in every process."""
    moved = note_order(mint, wanted, by=by)
    if moved.generation is None:
        db.session.rollback()
        return moved
    db.session.commit()
    tell_generation(moved.generation)
    return moved


def note_order(mint: str, wanted: Order, *, by: Actor) -> Moved:
    """Part of a larger command, which commits and then tells the generation."""
    token = hold_token(mint)
    if token is None:
        raise Refusal(f"We know no token with the mint {mint}.", "See the list of tokens.", status=404)
    done = ON_TOKENS[wanted.kind].done
    made = db.session.scalars(select(Decision.id).where(Decision.key == wanted.key)).one_or_none()
    if made is not None:
        return Moved(token.mint, token.symbol, done)
    if token.state != wanted.seen_state or token.state not in FROM[wanted.kind]:
        raise TokenChanged(token.symbol, token.state, token.reason)
    message = message_of(wanted.kind, wanted.reason_code, wanted.words, of_token=True)
    generation = _move(token.id, wanted, message, by)
    now, before = database_now(), token.state
    state = ON_TOKENS[wanted.kind].leads_to
    change_state(token, state, reason=message or f"{done} by {by.name}", now=now)
    record(
        f"whitelist:token:{wanted.kind}", object_type="token", object_id=mint, by=by,
        before={"state": before}, after={"state": state}, reason=message or None,
    )  # fmt: skip
    return Moved(token.mint, token.symbol, done, generation)


def _move(token_id: int, wanted: Order, message: str, by: Actor) -> int:
    """Writes the decision with its blast radius; the number of the new generation."""
    now = database_now()
    watch = db.session.get(TokenWatch, token_id, populate_existing=True)
    impact = impact_on(token_id)
    db.session.add(
        Decision(
            token_id=token_id,
            kind=wanted.kind,
            reason_code=wanted.reason_code or None,
            message=message,
            key=wanted.key,
            evidence=watch.lines if watch else [],
            impact=impact.document(),
            decided_by_id=by.id,
            decided_by=by.name,
            decided_at=now,
            undo_until=now,
            settled_at=now,
        )
    )
    if wanted.kind == "reinstate":
        _begin_watch(watch, token_id, now)
    return raise_generation()


def _begin_watch(watch: TokenWatch | None, token_id: int, now: datetime) -> None:
    """What the chain says from now on is what later looks must find: a person has looked at the difference."""
    if watch is None:
        watch = TokenWatch(token_id=token_id)
        db.session.add(watch)
    watch.facts, watch.next_look_at = None, now
