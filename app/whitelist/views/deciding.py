"""Deciding about a submission, and undoing it. After a decision the next submission comes, or in turbo mode at once."""

from typing import Any

from flask import abort, flash, request, url_for

from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import see_other
from app.whitelist.forms.reviewing import Review, Version
from app.whitelist.queries.queue import next_waiting
from app.whitelist.service.deciding import Wish, decide, leave_quarantine, undo
from app.whitelist.service.submitting import ask_again
from app.whitelist.views import bp
from app.whitelist.views.refusals import refused
from app.whitelist.views.showing import found, submission_page

UNPROCESSABLE = 422


@bp.post("/review/<int:submission_id>/approve")
@allow("whitelist:submission:decide")
def approve(submission_id: int) -> Any:
    return _decide(submission_id, "approve")


@bp.post("/review/<int:submission_id>/reject")
@allow("whitelist:submission:decide")
def reject(submission_id: int) -> Any:
    return _decide(submission_id, "reject")


@bp.post("/review/<int:submission_id>/ask")
@allow("whitelist:submission:decide")
def ask(submission_id: int) -> Any:
    return _decide(submission_id, "ask")


@bp.post("/review/<int:submission_id>/quarantine")
@allow("whitelist:submission:decide")
def quarantine(submission_id: int) -> Any:
    return _decide(submission_id, "quarantine")


@bp.post("/review/decisions/<int:decision_id>/undo")
@allow("whitelist:submission:decide")
def undo_decision(decision_id: int) -> Any:
    done = attempt(lambda: undo(decision_id, by=actor()))
    if isinstance(done, Refusal):
        flash(f"{done.what} {done.fix}")
        return see_other(url_for("tokens.review"))
    live.emit("submission.changed", {"id": done.submission_id})
    return see_other(
        url_for("tokens.submission", submission_id=done.submission_id, turbo=request.form.get("turbo") or None),
        told=f"{done.symbol} is {done.done}.",
    )


@bp.post("/review/<int:submission_id>/release")
@allow("whitelist:submission:decide")
def release(submission_id: int) -> Any:
    return move(submission_id, leave_quarantine, "It is back in the queue.")


@bp.post("/review/<int:submission_id>/recheck")
@allow("whitelist:submission:decide")
def recheck(submission_id: int) -> Any:
    return move(submission_id, ask_again, "The checks are made again.")


def _decide(submission_id: int, kind: str) -> Any:
    one = found(submission_id)
    form = Review(prefix="review-")
    if not form.validate_on_submit():
        return submission_page(one, form=form, status=UNPROCESSABLE)
    wish = Wish(kind, form.seen_version, form.seen_key, form.reason.data or "", form.words.data or "", form.opened_at,
                form.ending.data or "")  # fmt: skip
    done = attempt(lambda: decide(submission_id, wish, by=actor()))
    if isinstance(done, Refusal):
        now = found(submission_id)
        said = refused(done, form.seen.data or "", now)
        return submission_page(now, form=form, refusal=said, status=done.status)
    live.emit("submission.decided", {"id": submission_id})
    return onward(submission_id, form.turbo.data or "", f"{done.symbol} is {done.done}.", done.id)


def onward(submission_id: int, turbo: str, told: str, decision_id: int | None = None) -> Any:
    """In turbo mode to the next submission, else to the queue; either way with the decision that can be undone."""
    number = next_waiting(submission_id) if turbo else None
    if number is None:
        return see_other(url_for("tokens.review", undo=decision_id), told=told)
    return see_other(url_for("tokens.submission", submission_id=number, turbo=turbo, undo=decision_id), told=told)


def move(submission_id: int, command: Any, told: str) -> Any:
    form = Version(prefix="move-")
    if not form.validate_on_submit():
        abort(UNPROCESSABLE, "Reload the page: the form is incomplete.")
    done = attempt(lambda: command(submission_id, version=form.seen_version, by=actor()))
    if isinstance(done, Refusal):
        return submission_page(found(submission_id), refusal=done, status=done.status)
    live.emit("submission.changed", {"id": submission_id})
    return see_other(url_for("tokens.submission", submission_id=submission_id), told=told)
