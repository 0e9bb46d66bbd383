"""Comparing the books with themselves and with the wallet; any difference freezes payouts."""

from collections.abc import Sequence

from sqlalchemy import update

from app.audit.queries import chain_state
from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.extensions import db
from app.payouts.models import Attempt, Reconciliation
from app.payouts.queries.differences import books, explained, known_attempts, last_cursor, unseen_landings
from app.payouts.rules.reconciling import Difference, missing, unexplained, untrue
from app.payouts.service.freezing import note_freeze
from app.payouts.wallets.port import Movement


def starting_point() -> str | None:
    """The movement after which the wallet is asked. No transaction stays open while it answers."""
    cursor = last_cursor()
    db.session.rollback()
    return cursor


def reconcile(movements: Sequence[Movement] | None, *, by: Actor) -> list[Difference]:
    """`movements` are what left after the last cursor; None when the wallet could not be asked."""
    seen = list(movements or ())
    ours = books()
    found = untrue(ours.kept, ours.counted, ours.owed) + _broken_audit()
    now = database_now()
    if movements is not None:
        found += _news_of(seen)
        found += missing(unseen_landings(), seen, now)
        _note_seen(seen)
    row = Reconciliation(
        at=now, movements=len(seen), cursor=seen[-1].reference if seen else last_cursor(),
        differences=[one.as_document() for one in found],
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    fresh = [one for one in found if note_freeze(one.kind, one.about, one.text, by=by)]
    if fresh:
        record(
            "payouts:ledger:reconcile", object_type="reconciliation", object_id=row.id, by=by,
            after={"differences": [one.text for one in fresh]},
        )  # fmt: skip
    db.session.commit()
    return found


def _news_of(seen: list[Movement]) -> list[Difference]:
    """What no attempt explains, and no two people have."""
    references = [movement.reference for movement in seen]
    known, told = known_attempts(references), explained(references)
    return [one for one in unexplained(seen, known) if (one.kind, one.about) not in told]


def _broken_audit() -> list[Difference]:
    broken = chain_state().sentence
    return [Difference("audit", "chain", broken)] if broken else []


def _note_seen(seen: Sequence[Movement]) -> None:
    named = update(Attempt).where(Attempt.reference.in_([one.reference for one in seen]), Attempt.seen_at.is_(None))
    db.session.execute(named.values(seen_at=database_now()))
