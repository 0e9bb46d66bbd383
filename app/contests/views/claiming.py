"""Saying who looks after a contest."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, url_for

from app.contests.forms.notes import ClaimForm
from app.contests.service import claims as service
from app.contests.views import bp
from app.contests.views.showing import contest_page, found
from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import see_other


@bp.post("/<code>/claim")
@allow("contests:contest:claim")
def claim(code: str) -> Any:
    return _carry_out(code, service.claim_contest, f"You hold {code} now.")


@bp.post("/<code>/release")
@allow("contests:contest:claim")
def release(code: str) -> Any:
    return _carry_out(code, service.release_contest, f"Nobody holds {code} now.")


def _carry_out(code: str, command: Callable[..., None], done_words: str) -> Any:
    form = ClaimForm(prefix="claim-")
    if not form.validate_on_submit():
        abort(422, "Reload the page: the form is incomplete.")
    done = attempt(lambda: command(code, seen_holder=form.seen_holder, by=actor()))
    if isinstance(done, Refusal):
        return contest_page(found(code), claim_refused=done, status=done.status)
    live.emit("contest.changed", {"code": code})
    flash(done_words)
    return see_other(url_for("contests.show", code=code))
