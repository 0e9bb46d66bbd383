"""A contest becomes void: nobody is ranked, every paid entry is refunded by payouts."""

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.models import Contest
from app.contests.queries import evidence
from app.contests.service.locking import go

TOO_FEW = "too_few_participants"


def note_void(contest: Contest, key: str, *, reason: str, by: Actor) -> dict[str, int]:
    """Part of a larger command, which commits. `key` goes on the contest; gives wallet → lamports of the refunds."""
    back, before = evidence.refunds(contest, only_disqualified=False), contest.state
    contest.void_reason = key
    contest.attempts, contest.next_try_at, contest.asked_by, contest.last_error = 0, None, None, None
    contest.dead_at = None
    go(contest, "void")
    record(
        "contests:contest:void", object_type="contest", object_id=contest.code, by=by, before={"state": before},
        after={"state": "void", "refunds_lamports": sum(back.values())}, reason=reason,
    )  # fmt: skip
    return back
