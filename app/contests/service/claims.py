"""Who looks after a contest: claimed by one person, released, or taken over in sight of everybody."""

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.models import Contest, ContestClaim
from app.contests.service.locking import hold
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db


class HeldByAnother(Refusal):
    def __init__(self, contest: Contest, claim: ContestClaim | None) -> None:
        holder = f"{claim.claimed_by} holds" if claim else "nobody holds"
        super().__init__(f"Meanwhile {holder} contest {contest.code}.", "Look at it as it is now, then decide again.")


def claim_contest(code: str, *, seen_holder: str, by: Actor) -> None:
    """`seen_holder` is the id of whom the page showed as holder, empty for nobody; taking over names that person."""
    contest, claim = _held(code, seen_holder)
    before = {"claimed_by": claim.claimed_by} if claim else None
    now = database_now()
    if claim is None:
        db.session.add(claim := ContestClaim(contest_id=contest.id))
    claim.claimed_by_id, claim.claimed_by, claim.claimed_at = by.id, by.name, now
    record("contests:contest:claim", object_type="contest", object_id=code, by=by, before=before,
           after={"claimed_by": by.name})  # fmt: skip
    db.session.commit()


def release_contest(code: str, *, seen_holder: str, by: Actor) -> None:
    contest, claim = _held(code, seen_holder)
    if claim is None:
        raise HeldByAnother(contest, None)
    record("contests:contest:release", object_type="contest", object_id=code, by=by,
           before={"claimed_by": claim.claimed_by})  # fmt: skip
    db.session.delete(claim)
    db.session.commit()


def _held(code: str, seen_holder: str) -> tuple[Contest, ContestClaim | None]:
    contest = hold(code)
    claim = db.session.get(ContestClaim, contest.id, populate_existing=True)
    if (claim.claimed_by_id if claim else "") != seen_holder:
        raise HeldByAnother(contest, claim)
    return contest, claim
