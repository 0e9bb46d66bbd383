"""Putting a submission off, and waking it before its time."""

from typing import Any

from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.whitelist.forms.reviewing import Review
from app.whitelist.service import snoozing as service
from app.whitelist.views import bp
from app.whitelist.views.deciding import move, onward
from app.whitelist.views.refusals import refused
from app.whitelist.views.showing import found, submission_page

UNPROCESSABLE = 422


@bp.post("/review/<int:submission_id>/snooze")
@allow("whitelist:submission:decide")
def put_off(submission_id: int) -> Any:
    one = found(submission_id)
    form = Review(prefix="review-")
    if not form.validate_on_submit():
        return submission_page(one, form=form, status=UNPROCESSABLE)
    hours, words = form.hours.data or 0, form.words.data or ""
    done = attempt(
        lambda: service.snooze(submission_id, version=form.seen_version, hours=hours, words=words, by=actor())
    )
    if isinstance(done, Refusal):
        now = found(submission_id)
        said = refused(done, form.seen.data or "", now)
        return submission_page(now, form=form, refusal=said, status=done.status)
    live.emit("submission.changed", {"id": submission_id})
    return onward(submission_id, form.turbo.data or "", f"{done} is put off.")


@bp.post("/review/<int:submission_id>/wake")
@allow("whitelist:submission:decide")
def wake(submission_id: int) -> Any:
    return move(submission_id, service.wake, "It is back in the queue.")
