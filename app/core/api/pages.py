"""Where the description of the JSON API is served: for programs as OpenAPI, for people as pages."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, request

from app.core.access import public
from app.core.api import reference
from app.core.api.describing import description
from app.core.clients import SCOPES
from app.core.extensions import settings
from app.core.htmx import render_page
from app.core.limits import limit

bp = Blueprint("api", __name__, url_prefix="/api")
RATE = "60 per minute"
KNOWN = "api.description"
"""Under this name an app keeps its description, which never changes while it runs."""

MANNERS = {
    "Key": "Authorization: Bearer dd_…, never in an address. Without one 401, without the scope 403.",
    "Errors": "application/problem+json: what happened (detail), what to do (fix), each wrong member (errors).",
    "Lists": "?limit= at most, ?after= and ?before= with the cursors of the answer; null where nothing follows.",
    "Sending again": "Idempotency-Key: a UUID of yours. The same call is answered again and done once, for seven days.",
    "Polling": "Send the ETag of an answer as If-None-Match: 304 says that nothing changed.",
    "Limits": "RateLimit-Policy and RateLimit say how many calls are left; beyond them 429 has Retry-After.",
    "Ids": "X-Request-Id of an answer is what our log knows the call by.",
    "Events": "What happens is told to webhooks, signed; an admin adds an endpoint on the page Webhooks.",
}


@bp.get("/v1/openapi.json")
@public
@limit(RATE)
def document() -> Response:
    answer = jsonify(_document())
    answer.add_etag()
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer


@bp.get("/docs")
@public
@limit(RATE)
def docs() -> Response:
    return render_page(
        "api/docs.html", "api/_docs.html", services=reference.services(_document()), scopes=SCOPES, manners=MANNERS,
        url=settings().url,
    )  # fmt: skip


@bp.get("/docs/<service>")
@public
@limit(RATE)
def service(service: str) -> Response:
    known = {one.name: one for one in reference.services(_document())}
    if service not in known:
        abort(404)
    return render_page("api/service.html", "api/_service.html", service=known[service], services=list(known.values()))


def _document() -> dict[str, Any]:
    kept: dict[str, Any] = current_app.extensions.setdefault(KNOWN, {})
    if not kept:
        kept.update(description(current_app, settings().url))
    return kept
