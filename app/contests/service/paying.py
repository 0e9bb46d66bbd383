"""The last steps of a contest, taken when its money moves: final → paying → paid, void → refunding → refunded."""

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.queries.entitled import contest_codes
from app.contests.service.locking import go, hold
from app.core.extensions import db

NEXT = {"final": "paying", "paying": "paid", "void": "refunding", "refunding": "refunded"}
UNDER_WAY, DONE = ("paying", "refunding"), ("paid", "refunded")


def note_paying(contest_id: int, *, is_done: bool, by: Actor) -> str:
    """Leads the contest to paying or refunding, or to its end; gives its state. One that is there is left alone."""
    contest = hold(contest_codes([contest_id])[contest_id])
    goal, before = (DONE if is_done else UNDER_WAY), contest.state
    while contest.state in NEXT and contest.state not in goal:
        go(contest, NEXT[contest.state])
    if contest.state != before:
        record(
            "contests:contest:pay", object_type="contest", object_id=contest.code, by=by,
            before={"state": before}, after={"state": contest.state},
        )  # fmt: skip
    db.session.commit()
    return contest.state
