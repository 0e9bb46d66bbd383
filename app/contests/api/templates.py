"""Contest templates and their schedules, as the platform's programs keep them."""

from typing import Any

from app.contests.api import bp
from app.contests.api.answers import Templates, TemplatesAsked, TemplateShown
from app.contests.api.bodies import SCHEDULE, TEMPLATE
from app.contests.api.reading import READ_RATE
from app.contests.api.telling import CONTEST_RATE, program
from app.contests.forms.platform import ScheduleTold
from app.contests.forms.templates import TemplateTold
from app.contests.queries.platform import template_document, template_documents
from app.contests.service.templates import add_schedule, make_template
from app.core.access import allow_client
from app.core.api.operations import operation
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


@bp.post("/templates/<int:template_id>/schedules")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(CONTEST_RATE)
@operation(TemplateShown, takes=SCHEDULE, statuses=MADE, once=True)
def schedule(template_id: int, told: ScheduleTold) -> tuple[dict[str, Any], int]:
    """Adds a schedule: contests of the template make themselves from now on, each a day ahead."""
    add_schedule(template_id, zone=told.zone, weekdays=told.weekdays, at=told.local_time, by=program())
    return template_document(template_id), 201
