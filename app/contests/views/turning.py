"""A contest whose time has come is started or ended by a person: for when no worker does it."""

from collections.abc import Callable
from typing import Any

from flask import flash, url_for

from app.contests.forms.deciding import ReasonedDecision
from app.contests.service import life
from app.contests.views import bp
from app.contests.views.drafting import UNPROCESSABLE, draft_page, refused_page
from app.contests.views.showing import found
from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import see_other


@bp.post("/<code>/start")
@allow("contests:contest:start")
def start(code: str) -> Any:
    return _turned(code, life.start)


@bp.post("/<code>/end")
@allow("contests:contest:end")
def end(code: str) -> Any:
    return _turned(code, life.end)


def _turned(code: str, turn: Callable[..., life.Moved]) -> Any:
    form = ReasonedDecision(prefix="turn-")
    if not form.validate_on_submit():
        return draft_page(found(code), status=UNPROCESSABLE, turn=form)
    done = attempt(lambda: turn(code, by=actor(), version=form.seen_version, reason=form.words))
    if isinstance(done, Refusal):
        return refused_page(code, done, form, "turn")
    live.emit("contest.changed", {"code": code})
    flash(f"{code} is {done.state}.")
    return see_other(url_for("contests.show", code=code))
