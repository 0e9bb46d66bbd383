"""Submitting tokens, and reading what became of them."""

from typing import Any

from flask import url_for

from app.audit.rules import Actor
from app.core import live
from app.core.access import allow_client
from app.core.api.bodies import One
from app.core.api.operations import operation
from app.core.clients import caller
from app.core.extensions import csrf, settings
from app.core.formats import utc
from app.core.limits import limit
from app.whitelist.api import bp
from app.whitelist.api.answers import SubmissionShown
from app.whitelist.forms.submitting import InformationTold, SubmissionTold
from app.whitelist.queries.submission import DecisionFacts, SubmissionFacts, submission_facts, told_decision
from app.whitelist.rules.life import CHECKED_STATES, ON_SUBMISSIONS
from app.whitelist.service.locking import NoSuchSubmission
from app.whitelist.service.submitting import add_information, submit_token

FINDING = ("check", "verdict", "value", "threshold", "source", "read_at")


@bp.post("/submissions")
@allow_client("whitelist:submissions:write")
@csrf.exempt
@limit("600 per minute")
@operation(SubmissionShown, takes=One(SubmissionTold), statuses=[202, 200], refuses=[409], once=True)
def submit(told: SubmissionTold) -> tuple[dict[str, Any], int]:
    """Asks for a token to be whitelisted: 202, or 200 when its submitter did before. Each may submit 10 an hour.

    The worker checks it within seconds; the address in `status` tells.
    """
    received = submit_token(told.asked, client_id=caller().id, by=_actor())
    live.emit("submission.received", {"id": received.id})
    return _told(_own(received.id)), 202 if received.is_new else 200


@bp.get("/submissions/<int:submission_id>")
@allow_client("whitelist:submissions:write")
@limit("600 per minute")
@operation(SubmissionShown)
def submission(submission_id: int) -> dict[str, Any]:
    """Reads a submission of one's own, with its checks and the decision."""
    return _told(_own(submission_id))


@bp.post("/submissions/<int:submission_id>/information")
@allow_client("whitelist:submissions:write")
@csrf.exempt
@limit("60 per minute")
@operation(SubmissionShown, takes=One(InformationTold), refuses=[409], once=True)
def inform(submission_id: int, told: InformationTold) -> dict[str, Any]:
    """Answers what a reviewer asked; everything is checked again."""
    _own(submission_id)
    add_information(submission_id, words=told.words.strip(), client_id=caller().id, by=_actor())
    live.emit("submission.changed", {"id": submission_id})
    return _told(_own(submission_id))


def _actor() -> Actor:
    client = caller()
    return Actor("api", str(client.id), client.name)


def _own(submission_id: int) -> SubmissionFacts:
    """Others' submissions are nobody's business: they are not there."""
    found = submission_facts(submission_id)
    if found is None or found.client_id != caller().id:
        raise NoSuchSubmission(submission_id)
    return found


def _told(one: SubmissionFacts) -> dict[str, Any]:
    """A decision is told once it took effect, quarantine never; until then the submission waits for its review."""
    decided = told_decision(one.id)
    is_told = (
        decided is not None and decided.kind != "quarantine" and ON_SUBMISSIONS[decided.kind].leads_to == one.state
    )
    state = one.state if is_told or one.state in CHECKED_STATES else "awaiting_review"
    return {
        "id": one.id, "mint": one.mint, "symbol": one.symbol, "name": one.name, "submitter": one.submitter,
        "state": state, "received_at": utc(one.received_at, "iso"),
        "checked_at": None if one.checked_at is None else utc(one.checked_at, "iso"),
        "checks": [{name: line[name] for name in FINDING} for line in one.evidence],
        "decision": _decision(decided) if is_told and decided else None,
        "status": settings().url + url_for("whitelist.submission", submission_id=one.id),
    }  # fmt: skip


def _decision(decided: DecisionFacts) -> dict[str, Any]:
    return {
        "kind": decided.kind, "reason": decided.reason_code, "message": decided.message,
        "at": utc(decided.settled_at, "iso"),
    }  # fmt: skip
