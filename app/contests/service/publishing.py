"""The moment a draft becomes the result: the caller has asked for blockers, and commits."""

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.models import Contest, Evaluation
from app.contests.service.errands import leave_errands
from app.contests.service.locking import go
from app.core.clock import database_now
from app.core.extensions import db


def publish(contest: Contest, draft: Evaluation, *, by: Actor, reason: str | None) -> None:
    draft.state, draft.published_at, draft.published_by = "published", database_now(), by.name
    db.session.flush()
    contest.published_evaluation_id = draft.id
    contest.attempts, contest.next_try_at, contest.last_error = 0, None, None
    go(contest, "final")
    leave_errands(contest)
    record(
        "contests:contest:apply", object_type="contest", object_id=contest.code, by=by, before={"state": "proposed"},
        after={"state": "final", "version": draft.version, "result_hash": draft.result_hash}, reason=reason,
    )  # fmt: skip
