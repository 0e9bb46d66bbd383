"""Contest templates and their schedules, as the platform's programs keep them."""

from typing import Any

from flask import Response, jsonify

from app.contests.api import bp
from app.contests.api.body import told_object
from app.contests.api.reading import READ_RATE
from app.contests.api.telling import CONTEST_RATE, program
from app.contests.forms.platform import ScheduleTold, read
from app.contests.forms.templates import told_template
from app.contests.queries.platform import template_documents
from app.contests.service.templates import add_schedule, make_template
from app.core.access import allow_client
from app.core.extensions import csrf
from app.core.limits import limit


@bp.get("/templates")
@allow_client("contests:contest:read")
@limit(READ_RATE)
def templates() -> Response:
    return jsonify(templates=template_documents())


@bp.post("/templates", endpoint="make_template")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(CONTEST_RATE)
def make() -> tuple[Response, int]:
    template_id = make_template(told_template(told_object()), by=program())
    return jsonify(_one(template_id)), 201


@bp.post("/templates/<int:template_id>/schedules")
@allow_client("contests:contest:write")
@csrf.exempt
@limit(CONTEST_RATE)
def schedule(template_id: int) -> tuple[Response, int]:
    """Its contests make themselves from now on, each a day ahead."""
    told = read(ScheduleTold, told_object())
    add_schedule(template_id, zone=told.zone, weekdays=told.weekdays, at=told.local_time, by=program())
    return jsonify(_one(template_id)), 201


def _one(template_id: int) -> dict[str, Any]:
    return template_documents(template_id)[0]
