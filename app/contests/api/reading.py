"""What the platform reads: a contest, its standings."""

from typing import Any

from flask import Response, jsonify, request

from app.contests.api import bp
from app.contests.queries.platform import contest_document, standings_document
from app.core.access import allow_client
from app.core.errors import Refusal
from app.core.limits import limit
from app.core.paging import place

READ_RATE = "600 per minute"


@bp.get("/<code>")
@allow_client("contests:contest:read")
@limit(READ_RATE)
def contest(code: str) -> Response:
    return jsonify(found(code, contest_document(code)))


@bp.get("/<code>/standings")
@allow_client("contests:contest:read")
@limit(READ_RATE)
def standings(code: str) -> Response:
    at = place(request.args.get("after"), None, parts=2)
    return jsonify(found(code, standings_document(code, at)))


def found(code: str, document: dict[str, Any] | None) -> dict[str, Any]:
    if document is None:
        raise Refusal(f"There is no contest {code}.", "Check the code.", status=404)
    return document
