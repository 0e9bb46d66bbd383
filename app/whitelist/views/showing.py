"""One submission on one screen."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import abort, request

from app.audit.queries import timeline
from app.core.access import actor, allow
from app.core.errors import Refusal
from app.core.extensions import settings
from app.core.htmx import render_page
from app.whitelist.forms.reviewing import NoteForm, Review
from app.whitelist.queries import beside
from app.whitelist.queries.calm import pace_of
from app.whitelist.queries.reasons import reasons_in_use
from app.whitelist.queries.submission import SubmissionFacts, decisions_on, submission_facts, undoable
from app.whitelist.rules.deciding import blockers, decimals_of, hard_fails, spoken
from app.whitelist.rules.findings import told_once
from app.whitelist.rules.life import SHORTEST_WORDS, SNOOZES
from app.whitelist.service.opening import note_opened
from app.whitelist.views import bp
from app.whitelist.views.refusals import Refused, seen

LINES_SHOWN = ("fail", "unknown", "warn")


@bp.get("/review/<int:submission_id>")
@allow("whitelist:submission:read")
def submission(submission_id: int) -> Any:
    one = found(submission_id)
    note_opened(actor().id, one.id, one.version)
    return submission_page(one)


def found(submission_id: int) -> SubmissionFacts:
    one = submission_facts(submission_id)
    if one is None:
        abort(404, f"There is no submission {submission_id}.")
    return one


def submission_page(
    one: SubmissionFacts,
    *,
    form: Review | None = None,
    note: NoteForm | None = None,
    refusal: Refused | Refusal | None = None,
    status: int = 200,
) -> Any:
    review = form or Review(prefix="review-", formdata=None)
    decisions = decisions_on(one.id)
    review.version.data, review.seen.data = one.version, seen(one, decisions)
    review.key.data = review.key.data or uuid4().hex
    review.opened.data = review.opened.data or one.now.isoformat()
    review.turbo.data = "on" if request.values.get("turbo") or review.turbo.data else ""
    return render_page(
        "whitelist/submission.html",
        "whitelist/_submission.html",
        status=status,
        form=review,
        note_form=note or NoteForm(prefix="note-", formdata=None),
        refusal=refusal,
        is_kept=bool(form or note or refusal),
        decisions=decisions,
        asked=pace_of(actor().id).why if one.state == "awaiting_review" else "",
        **facts(one),
    )


def facts(one: SubmissionFacts) -> dict[str, Any]:
    """What the page shows of the submission and beside it."""
    decimals = decimals_of(one.evidence, one.decimals)
    lines = [line for line in one.evidence if line["verdict"] in LINES_SHOWN]
    return {
        "one": one,
        "me": actor(),
        "lines": lines,
        "rows": [(", ".join(map(spoken, checks)), line) for checks, line in told_once(lines)],
        "passes": [line for line in one.evidence if line["verdict"] not in LINES_SHOWN],
        "read_at": datetime.fromisoformat,
        "spoken": spoken,
        "fails": hard_fails(one.evidence),
        "stops": blockers(one.evidence, decimals=decimals, words="." * SHORTEST_WORDS),
        "snoozes": SNOOZES,
        "least_words": SHORTEST_WORDS if one.unknowns else 0,
        "earlier": beside.earlier_of(one.submitter, one.id),
        "rivals": beside.rivals_of(one.mint, one.symbol),
        "reasons": [reason for reason in reasons_in_use() if reason.kind != "stop"],
        "undo": undoable(request.args.get("undo", 0, type=int), actor().id),
        "notes": beside.notes_on(one.id),
        "recorded": timeline("submission", str(one.id), size=8),
        "goal_s": settings().whitelist_review_goal_s,
    }
