"""Errors of the JSON API: problem documents after RFC 9457, with what to do about it as `fix`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from app.core.logs import request_id

PREFIX = "/api/"
PAGES = "/api/docs"
SEE = "See /api/docs for what this address takes."
SENTENCES = {
    400: ("The request could not be read.", SEE),
    401: ("No valid API key was sent.", "Send the header “Authorization: Bearer …” with a key that an admin made."),
    403: ("This key does not include that.", "Ask an admin for a key with the scope that /api/docs names."),
    404: ("There is nothing at this address.", "See /api/docs for the addresses there are."),
    405: ("This address does not take that method.", "Use one that the header Allow names."),
    413: ("The body is too large.", "Send less in one call."),
    415: ("The body is not of a kind this address takes.", "Send JSON, with “Content-Type: application/json”."),
    422: ("The body does not say what it should.", "Correct what the detail names and send it again."),
    500: ("Something broke on our side.", "Try again. If it stays, tell an admin the request id."),
}


def is_asked_for() -> bool:
    """Whether this request is of the JSON API, so that its errors are problems and not pages."""
    return request.path.startswith(PREFIX) and not request.path.startswith(PAGES)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a call: `place` is a JSON pointer into its body, or a parameter of its address."""

    place: str
    what: str


def problem(status: int, title: str, what: str, fix: str, faults: Sequence[Fault] = ()) -> Response:
    facts: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": what}
    facts |= {"fix": fix} if fix else {}
    facts |= {"errors": [_told(fault) for fault in faults]} if faults else {}
    response = Response(
        json.dumps(facts | {"request_id": request_id()}) + "\n",
        status=status,
        content_type="application/problem+json",
    )
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="DegenDuel Ops"'
    return response


def _told(fault: Fault) -> dict[str, str]:
    """As RFC 9457 shows it: a pointer into the body; a parameter where it is none of the body's."""
    return {"pointer" if fault.place.startswith("#") else "parameter": fault.place, "detail": fault.what}
