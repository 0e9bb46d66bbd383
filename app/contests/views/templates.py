"""Pages of contest templates and their schedules."""

from typing import Any

from flask import abort, flash, url_for

from app.contests.forms.templates import ScheduleForm, TemplateForm, hours_of, minutes_of
from app.contests.queries.templates import TemplateFacts, schedules_of, template_by_id, templates
from app.contests.service import templates as service
from app.contests.views import bp
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.htmx import render_page, see_other
from app.market.queries.tokens import active_tokens

UNPROCESSABLE = 422


@bp.get("/templates")
@allow("contests:template:read")
def templates_page() -> Any:
    return _list(_form())


@bp.post("/templates")
@allow("contests:template:manage")
def make_template() -> Any:
    form = _form()
    if not form.validate_on_submit():
        return _list(form, status=UNPROCESSABLE)
    done = attempt(lambda: service.make_template(form.told(), by=actor()))
    if isinstance(done, Refusal):
        return _list(form, refusal=done, status=done.status)
    flash("The template is made. Add a schedule, and its contests make themselves.")
    return see_other(url_for("contests.template", template_id=done))


@bp.get("/templates/<int:template_id>")
@allow("contests:template:read")
def template(template_id: int) -> Any:
    return _show(template_id)


@bp.post("/templates/<int:template_id>")
@allow("contests:template:manage")
def change_template(template_id: int) -> Any:
    kept, form = template_by_id(template_id) or abort(404), _form()
    if not form.validate_on_submit():
        return _show(template_id, form=form, status=UNPROCESSABLE)
    version = form.version.data or 0
    done = attempt(lambda: service.change_template(template_id, form.told(kept.terms), version=version, by=actor()))
    if isinstance(done, Refusal):
        return _show(template_id, form=form, refusal=done, status=done.status)
    flash("The template is changed, for contests made from now on.")
    return see_other(url_for("contests.template", template_id=template_id))


@bp.post("/templates/<int:template_id>/schedules")
@allow("contests:template:manage")
def add_schedule(template_id: int) -> Any:
    form = ScheduleForm(prefix="schedule-")
    if not form.validate_on_submit():
        return _show(template_id, schedule=form, status=UNPROCESSABLE)
    done = attempt(lambda: service.add_schedule(template_id, **form.told(), by=actor()))
    if isinstance(done, Refusal):
        return _show(template_id, schedule=form, refusal=done, status=done.status)
    flash("The schedule runs: each contest is made a day before its start.")
    return see_other(url_for("contests.template", template_id=template_id))


@bp.post("/templates/<int:template_id>/schedules/<int:schedule_id>/pause")
@allow("contests:template:manage")
def pause_schedule(template_id: int, schedule_id: int) -> Any:
    service.pause_schedule(template_id, schedule_id, by=actor())
    flash("The schedule is paused. Contests that are made already stay.")
    return see_other(url_for("contests.template", template_id=template_id))


@bp.post("/templates/<int:template_id>/schedules/<int:schedule_id>/resume")
@allow("contests:template:manage")
def resume_schedule(template_id: int, schedule_id: int) -> Any:
    service.resume_schedule(template_id, schedule_id, by=actor())
    flash("The schedule runs again.")
    return see_other(url_for("contests.template", template_id=template_id))


def _form(kept: TemplateFacts | None = None) -> TemplateForm:
    """As it was typed, or as it is kept, or empty."""
    form = TemplateForm(formdata=None, data=_typed(kept)) if kept else TemplateForm()
    form.tokens.choices = [(token.mint, f"{token.symbol} – {token.name}") for token in active_tokens()]
    return form


def _typed(kept: TemplateFacts) -> dict[str, Any]:
    return kept.terms | {
        "name": kept.name, "code": kept.code, "tokens": kept.tokens, "version": kept.version,
        "hours": hours_of(kept.length_s), "split": ", ".join(str(share) for share in kept.terms["prize_split_bps"]),
        "challenge_minutes": minutes_of(kept.terms["challenge_s"]),
    }  # fmt: skip


def _list(form: TemplateForm, *, refusal: Refusal | None = None, status: int = 200) -> Any:
    return render_page(
        "contests/templates.html", "contests/_templates.html", status=status,
        lines=templates(), form=form, refusal=refusal,
    )  # fmt: skip


def _show(
    template_id: int, *, form: TemplateForm | None = None, schedule: ScheduleForm | None = None,
    refusal: Refusal | None = None, status: int = 200,
) -> Any:  # fmt: skip
    kept = template_by_id(template_id) or abort(404)
    return render_page(
        "contests/template.html", "contests/_template.html", status=status, kept=kept, refusal=refusal,
        form=form or _form(kept), schedule=schedule or ScheduleForm(formdata=None, prefix="schedule-"),
        schedules=schedules_of(template_id),
    )  # fmt: skip
