"""Reasons that admins keep, offered wherever one is asked for."""

from typing import Any

from flask import flash, url_for

from app.contests.forms.notes import SavedReasonForm
from app.contests.queries.notes import saved_reasons
from app.contests.service import notes as service
from app.contests.views import bp
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import render_page, see_other

UNPROCESSABLE = 422


@bp.get("/reasons")
@allow("contests:reason:manage")
def reasons() -> Any:
    return _page(SavedReasonForm(formdata=None, prefix="saved-"))


@bp.post("/reasons")
@allow("contests:reason:manage")
def save_reason() -> Any:
    form = SavedReasonForm(prefix="saved-")
    if not form.validate_on_submit():
        return _page(form, status=UNPROCESSABLE)
    done = attempt(lambda: service.save_reason(form.words.data or "", by=actor()))
    if isinstance(done, Refusal):
        return _page(form, refusal=done, status=done.status)
    flash("The reason is saved.")
    return see_other(url_for("contests.reasons"))


@bp.post("/reasons/<int:reason_id>/retire")
@allow("contests:reason:manage")
def retire_reason(reason_id: int) -> Any:
    done = attempt(lambda: service.retire_reason(reason_id, by=actor()))
    if isinstance(done, Refusal):
        return _page(SavedReasonForm(formdata=None, prefix="saved-"), refusal=done, status=done.status)
    flash("The reason is no longer offered.")
    return see_other(url_for("contests.reasons"))


def _page(form: SavedReasonForm, *, refusal: Refusal | None = None, status: int = 200) -> Any:
    return render_page(
        "contests/reasons.html",
        "contests/_reasons.html",
        status=status,
        saved=saved_reasons(),
        form=form,
        refusal=refusal,
    )
