"""Contest templates and their schedules, as the platform's programs keep them."""

from typing import Any

from app.contests.api import bp
from app.contests.api.answers import Templates, TemplatesAsked, TemplateShown
from app.contests.api.bodies import SCHEDULE, TEMPLATE, TEMPLATE_CHANGES
from app.contests.api.reading import READ_RATE
from app.contests.api.telling import CONTEST_RATE, program
from app.contests.forms.platform import ScheduleTold
from app.contests.forms.templates import TemplateTold
from app.contests.queries.platform import template_document, template_documents
from app.contests.queries.templates import template_by_id
from app.contests.service.templates import (
    NoSuchTemplate,
    add_schedule,
    change_template,
    make_template,
    pause_schedule,
    resume_schedule,
)
from app.core.access import allow_client
from app.core.api.operations import operation
from app.core.api.shapes import read
from app.core.extensions import csrf
from app.core.limits import limit

MADE = (201,)


@bp.get("/templates")
@allow_client("contests:contest:read")
@limit(READ_RATE)
@operation(Templates, asks=TemplatesAsked)
def templates(asked: TemplatesAsked) -> dict[str, Any]:
    """Lists templates with their schedules, in the order they were made."""
    return template_documents(asked.place(parts=1), asked.limit)


@bp.post("/templates", endpoint="make_template")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(CONTEST_RATE)
@operation(TemplateShown, takes=TEMPLATE, statuses=MADE, refuses=[409], once=True)
def make(told: TemplateTold) -> tuple[dict[str, Any], int]:
    """Makes a contest template."""
    return template_document(make_template(told, by=program())), 201


@bp.patch("/templates/<int:template_id>", endpoint="change_template")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(CONTEST_RATE)
@operation(TemplateShown, takes=TEMPLATE_CHANGES, refuses=[409], once=True)
def change(template_id: int, told: tuple[int, dict[str, Any]]) -> dict[str, Any]:
    """Changes what is told, under the version that the caller has seen; contests that are made keep their terms."""
    version, changes = told
    whole = read(TemplateTold, _told(template_id) | changes)
    change_template(template_id, whole, version=version, by=program())
    return template_document(template_id)


@bp.post("/templates/<int:template_id>/schedules/<int:schedule_id>/pause", endpoint="pause_schedule")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(CONTEST_RATE)
@operation(TemplateShown, refuses=[409], once=True)
def pause(template_id: int, schedule_id: int) -> dict[str, Any]:
    """Makes no more contests by this schedule; those that are made stay."""
    pause_schedule(template_id, schedule_id, by=program())
    return template_document(template_id)


@bp.post("/templates/<int:template_id>/schedules/<int:schedule_id>/resume", endpoint="resume_schedule")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(CONTEST_RATE)
@operation(TemplateShown, refuses=[409], once=True)
def resume(template_id: int, schedule_id: int) -> dict[str, Any]:
    """Makes contests by this schedule again, from its next start on."""
    resume_schedule(template_id, schedule_id, by=program())
    return template_document(template_id)


@bp.post("/templates/<int:template_id>/schedules")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(CONTEST_RATE)
@operation(TemplateShown, takes=SCHEDULE, statuses=MADE, once=True)
def schedule(template_id: int, told: ScheduleTold) -> tuple[dict[str, Any], int]:
    """Adds a schedule: contests of the template make themselves from now on, each a day ahead."""
    add_schedule(template_id, zone=told.zone, weekdays=told.weekdays, at=told.local_time, by=program())
    return template_document(template_id), 201


def _told(template_id: int) -> dict[str, Any]:
    """The template as its maker would tell it today."""
    kept = template_by_id(template_id)
    if kept is None:
        raise NoSuchTemplate(template_id)
    own = {"name": kept.name, "code": kept.code, "length_s": kept.length_s, "tokens": list(kept.tokens)}
    return own | kept.terms
