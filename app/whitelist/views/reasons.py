"""The managed reasons: what submitters are told."""

from typing import Any

from flask import url_for

from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import render_page, see_other
from app.whitelist.forms.reviewing import KINDS, ReasonForm
from app.whitelist.queries.reasons import reasons_in_use
from app.whitelist.service import reasons as service
from app.whitelist.views import bp

UNPROCESSABLE = 422


@bp.get("/reasons")
@allow("whitelist:reason:manage")
def reasons() -> Any:
    return _page(ReasonForm(formdata=None, prefix="reason-"))


@bp.post("/reasons")
@allow("whitelist:reason:manage")
def save_reason() -> Any:
    form = ReasonForm(prefix="reason-")
    if not form.validate_on_submit():
        return _page(form, status=UNPROCESSABLE)
    told = {"kind": form.kind.data, "words": form.words.data or "", "by": actor()}
    done = attempt(lambda: service.save_reason(form.code.data or "", **told))
    if isinstance(done, Refusal):
        return _page(form, refusal=done, status=done.status)
    return see_other(url_for("tokens.reasons"), told="The reason is offered from now on.")


@bp.post("/reasons/<code>/retire")
@allow("whitelist:reason:manage")
def retire_reason(code: str) -> Any:
    done = attempt(lambda: service.retire_reason(code, by=actor()))
    if isinstance(done, Refusal):
        return _page(ReasonForm(formdata=None, prefix="reason-"), refusal=done, status=done.status)
    return see_other(url_for("tokens.reasons"), told="The reason is no longer offered.")


def _page(form: ReasonForm, *, refusal: Refusal | None = None, status: int = 200) -> Any:
    return render_page(
        "whitelist/reasons.html",
        "whitelist/_reasons.html",
        status=status,
        kinds=dict(KINDS),
        saved=reasons_in_use(),
        form=form,
        refusal=refusal,
    )
