"""One person on one page."""

from typing import Any

from flask import abort, request

from app.core.access import allow
from app.core.htmx import render_page
from app.core.paging import place
from app.people.forms.noting import NoteForm
from app.people.queries.person import Person, person, placed_on, rewards_on, timeline
from app.people.rules.timeline import TITLES, filter_for
from app.people.views import bp
from app.people.views.lines import lines


@bp.get("/<wallet>")
@allow("people:person:read")
def show(wallet: str) -> Any:
    return person_page(found(wallet))


def found(wallet: str) -> Person:
    one = person(wallet)
    if not one.is_known:
        abort(404, f"Nobody with the wallet {wallet} ever played, was paid, submitted a token or was referred.")
    return one


def person_page(one: Person, *, note: NoteForm | None = None, status: int = 200) -> Any:
    line = " ".join(request.args.get("q", "")[:200].split())
    shown = filter_for(line)
    listed = timeline(one.wallet, shown, place(request.args.get("after"), request.args.get("before"), parts=3))
    return render_page(
        "people/person.html",
        "people/_person.html",
        status=status,
        one=one,
        q=line,
        shown=shown,
        chips=[(title, f"is:{kind}", None) for kind, title in TITLES.items()],
        found=listed,
        lines=lines(listed.rows, placed_on(listed), rewards_on(listed)),
        note_form=note or NoteForm(prefix="note-", formdata=None),
        is_kept=note is not None,
    )
