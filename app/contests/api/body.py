"""The body of a call: one JSON object, with a list of bounded length where the address takes many."""

import json
from typing import Any

from flask import request

from app.core import problems
from app.core.errors import Refusal

MOST = 5000
LARGEST_BODY = 3_000_000


def told_object() -> dict[str, Any]:
    if request.mimetype != "application/json":
        raise Refusal(*problems.SENTENCES[415], status=415)
    request.max_content_length = LARGEST_BODY
    try:
        document = json.loads(request.get_data(cache=False).decode())
    except UnicodeDecodeError as error:
        raise _unusable(f"The body is not UTF-8: byte {error.start} cannot be read.") from error
    except json.JSONDecodeError as error:
        raise _unusable(f"The body is not JSON: {error.msg} (line {error.lineno}, column {error.colno}).") from error
    except (ValueError, RecursionError) as error:
        raise _unusable("The body holds a number with thousands of digits, or lists within lists.") from error
    if not isinstance(document, dict):
        raise _unusable("The body is not an object.")
    return document


def told_list(name: str) -> list[Any]:
    """The one member that the body has, with 1 to MOST things in it."""
    document = told_object()
    told = document.get(name)
    if set(document) != {name} or not isinstance(told, list):
        raise _unusable(f"The body is not an object with a list named {name}, and nothing else.")
    if not 1 <= len(told) <= MOST:
        raise _unusable(f"There are {len(told):,} {name} in this call; one takes 1 to {MOST:,}.")
    return told


def _unusable(what: str) -> Refusal:
    return Refusal(what, "See docs/api.md for what this address takes.", status=422)
