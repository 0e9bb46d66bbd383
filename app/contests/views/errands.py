"""What contests leave to be done by hand: the list of all, and one click when it is done."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for

from app.contests.forms.notes import ErrandForm
from app.contests.queries import errands as asked
from app.contests.service import errands as service
from app.contests.views import bp
from app.contests.views.showing import contest_page, found
from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import render_page, see_other
from app.core.paging import place

UNPROCESSABLE = 422


@bp.get("/errands")
@allow("contests:errand:read")
def errands() -> Any:
    return _page()


@bp.post("/errands")
@allow("contests:errand:manage")
def add_errand() -> Any:
    form = ErrandForm(prefix="errand-")
    if not form.validate_on_submit():
        return _page(form, status=UNPROCESSABLE)
    done = attempt(lambda: service.add_errand(form.words.data or "", by=actor()))
    if isinstance(done, Refusal):
        return _page(form, refusal=done, status=done.status)
    return see_other(url_for("contests.errands"), told="Contests that become final leave it from now on.")


@bp.post("/errands/<int:errand_id>/retire")
@allow("contests:errand:manage")
def retire_errand(errand_id: int) -> Any:
    done = attempt(lambda: service.retire_errand(errand_id, by=actor()))
    if isinstance(done, Refusal):
        return _page(refusal=done, status=done.status)
    return see_other(url_for("contests.errands"), told="Contests leave it no more. What was left stays to be done.")


@bp.post("/<code>/errands/<int:number>/done")
@allow("contests:errand:do")
def do_errand(code: str, number: int) -> Any:
    return _carry_out(code, lambda: service.do_errand(code, number, by=actor()), "Done: {}")


@bp.post("/<code>/errands/<int:number>/open")
@allow("contests:errand:do")
def reopen_errand(code: str, number: int) -> Any:
    return _carry_out(code, lambda: service.reopen_errand(code, number, by=actor()), "Open again: {}")


def _carry_out(code: str, command: Callable[[], str], told: str) -> Any:
    """Back to where it was pressed: the list of all, or the contest."""
    from_list = request.form.get("from") == "list"
    done = attempt(command)
    if isinstance(done, Refusal):
        shown = found(code)
        if from_list:
            return _page(refusal=done, status=done.status)
        return contest_page(shown, errand_refused=done, status=done.status)
    live.emit("contest.changed", {"code": code})
    back = url_for("contests.errands") if from_list else url_for("contests.show", code=code)
    return see_other(back, told=told.format(done))


def _page(form: ErrandForm | None = None, *, refusal: Refusal | None = None, status: int = 200) -> Any:
    at = place(request.args.get("after"), request.args.get("before"), parts=1)
    return render_page(
        "contests/errands.html",
        "contests/_errands.html",
        status=status,
        left=asked.open_errands(at),
        doers=asked.done_lately(),
        kept=asked.kept_errands(),
        form=form or ErrandForm(formdata=None, prefix="errand-"),
        refusal=refusal,
    )
