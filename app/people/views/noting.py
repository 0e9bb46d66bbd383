"""Notes on a person."""

from typing import Any

from flask import url_for

from app.core import live
from app.core.access import actor, allow
from app.core.htmx import see_other
from app.people.forms.noting import NoteForm
from app.people.service import noting as service
from app.people.views import bp
from app.people.views.showing import found, person_page

UNPROCESSABLE = 422


@bp.post("/<wallet>/notes")
@allow("people:note:add")
def add_note(wallet: str) -> Any:
    one = found(wallet)
    form = NoteForm(prefix="note-")
    if not form.validate_on_submit():
        return person_page(one, note=form, status=UNPROCESSABLE)
    service.add_note(wallet, words=form.words.data or "", by=actor())
    live.emit("person.changed", {"id": wallet})
    live.emit("mention.changed", {})
    return see_other(url_for("people.show", wallet=wallet), told="Your note is kept.")
