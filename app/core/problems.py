"""Errors of the JSON API: problem documents after RFC 9457, with what to do about it as `fix`."""

import json

from flask import Response, request

from app.core.logs import request_id

PREFIX = "/api/"
SENTENCES = {
    400: ("The request could not be read.", "See docs/api.md for what this address takes."),
    401: ("No valid API key was sent.", "Send the header “Authorization: Bearer …” with a key that an admin made."),
    403: ("This key does not include that.", "Ask an admin for a key with the scope that docs/api.md names."),
    404: ("There is nothing at this address.", "See docs/api.md for the addresses there are."),
    405: ("This address does not take that method.", "Use one that the header Allow names."),
    413: ("The body is too large.", "Send less in one call."),
    415: ("The body is not of a kind this address takes.", "Send JSON, with “Content-Type: application/json”."),
    422: ("The body does not say what it should.", "Correct what the detail names and send it again."),
    500: ("Something broke on our side.", "Try again. If it stays, tell an admin the request id."),
}


def is_asked_for() -> bool:
    """Whether this request is of the JSON API, so that its errors are problems and not pages."""
    return request.path.startswith(PREFIX)


def problem(status: int, title: str, what: str, fix: str) -> Response:
    facts = {"type": "about:blank", "title": title, "status": status, "detail": what, "fix": fix}
    response = Response(
        json.dumps({name: value for name, value in facts.items() if value} | {"request_id": request_id()}) + "\n",
        status=status,
        content_type="application/problem+json",
    )
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="DegenDuel Ops"'
    return response
