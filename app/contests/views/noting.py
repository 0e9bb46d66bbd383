"""Notes on a contest."""

from typing import Any

from flask import flash, url_for

from app.contests.forms.notes import NoteForm
from app.contests.service import notes as service
from app.contests.views import bp
from app.contests.views.showing import contest_page, found
from app.core import live
from app.core.access import actor, allow
from app.core.htmx import see_other

UNPROCESSABLE = 422


@bp.post("/<code>/notes")
@allow("contests:note:add")
def add_note(code: str) -> Any:
    contest = found(code)
    form = NoteForm(prefix="note-")
    if not form.validate_on_submit():
        return contest_page(contest, note=form, status=UNPROCESSABLE)
    service.add_note(code, words=form.words.data or "", by=actor())
    live.emit("contest.changed", {"code": code})
    live.emit("mention.changed", {})
    flash("Your note is on the contest.")
    return see_other(url_for("contests.show", code=code))
