"""Notes on a submission, and who holds it."""

from collections.abc import Callable
from typing import Any

from flask import abort, url_for

from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import see_other
from app.whitelist.forms.reviewing import Claim, NoteForm
from app.whitelist.service import desk as service
from app.whitelist.views import bp
from app.whitelist.views.showing import found, submission_page

UNPROCESSABLE = 422


@bp.post("/review/<int:submission_id>/notes")
@allow("whitelist:note:add")
def add_note(submission_id: int) -> Any:
    one = found(submission_id)
    form = NoteForm(prefix="note-")
    if not form.validate_on_submit():
        return submission_page(one, note=form, status=UNPROCESSABLE)
    service.add_note(submission_id, words=form.words.data or "", by=actor())
    live.emit("submission.changed", {"id": submission_id})
    live.emit("mention.changed", {})
    return see_other(url_for("tokens.submission", submission_id=submission_id), told="Your note is kept.")


@bp.post("/review/<int:submission_id>/claim")
@allow("whitelist:submission:decide")
def claim(submission_id: int) -> Any:
    return _carry_out(submission_id, service.claim_submission, "You hold it now.")


@bp.post("/review/<int:submission_id>/let-go")
@allow("whitelist:submission:decide")
def let_go(submission_id: int) -> Any:
    return _carry_out(submission_id, service.let_go_submission, "Nobody holds it now.")


def _carry_out(submission_id: int, command: Callable[..., None], told: str) -> Any:
    form = Claim(prefix="claim-")
    if not form.validate_on_submit():
        abort(UNPROCESSABLE, "Reload the page: the form is incomplete.")
    done = attempt(lambda: command(submission_id, seen_holder=form.seen_holder, by=actor()))
    if isinstance(done, Refusal):
        return submission_page(found(submission_id), refusal=done, status=done.status)
    live.emit("submission.claimed", {"id": submission_id})
    return see_other(url_for("tokens.submission", submission_id=submission_id), told=told)
