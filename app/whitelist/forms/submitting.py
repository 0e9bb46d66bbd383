"""What a program or a file says of a token to submit; a Refusal names the field that is wrong."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from app.core.errors import Refusal
from app.whitelist.rules.asked import NewSubmission

FORM = 'It is {"mint": …, "symbol": …, "name": …, "submitter": …}; “decimals”, “links” and “words” are optional.'
LONGEST = {"mint": 44, "symbol": 64, "name": 128, "submitter": 100, "words": 2000}
MOST_LINKS, LONGEST_LINK, MOST_DECIMALS = 8, 300, 18
MOST_LISTED = 10_000


def told_document(body: bytes) -> Any:
    try:
        return json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise unusable("The body is no JSON that can be read.") from error


def told_submission(told: Any, *, submitter: str | None = None) -> NewSubmission:
    """`submitter` stands in where the document names none."""
    if not isinstance(told, Mapping):
        raise unusable("It is no object.")
    return NewSubmission(
        mint=_text(told, "mint"),
        symbol=_text(told, "symbol"),
        name=_text(told, "name"),
        submitter=_text({"submitter": submitter} | dict(told), "submitter"),
        decimals=_decimals(told.get("decimals")),
        links=_links(told.get("links", [])),
        words=_text({"words": ""} | dict(told), "words", least=0),
    )


def told_list(told: Any, *, submitter: str) -> list[NewSubmission]:
    """The tokens of a list: `{"tokens": […]}` as token lists are published, or a bare list."""
    tokens = told.get("tokens") if isinstance(told, Mapping) else told
    if not isinstance(tokens, list) or not 1 <= len(tokens) <= MOST_LISTED:
        raise unusable(f"It is no list of 1 to {MOST_LISTED:,} tokens.")
    found = []
    for index, token in enumerate(tokens):
        try:
            named = dict(token) | {"mint": token.get("mint") or token.get("address")}
            found.append(told_submission(named, submitter=submitter))
        except (Refusal, AttributeError, TypeError, ValueError) as error:
            raise unusable(f"tokens[{index}]: {getattr(error, 'what', 'it is no object.')}") from error
    return found


def unusable(what: str) -> Refusal:
    return Refusal(what, FORM, status=422)


def _text(told: Mapping[str, Any], name: str, *, least: int = 1) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not least <= len(value) <= LONGEST[name] or "\x00" in value:
        raise unusable(f"“{name}” is no text of {least} to {LONGEST[name]} characters.")
    return value


def _decimals(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_DECIMALS:
        raise unusable(f"“decimals” is no whole number from 0 to {MOST_DECIMALS}.")
    return value


def _links(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_LINKS or not all(map(_is_link, value)):
        raise unusable(f"“links” is no list of at most {MOST_LINKS} https addresses.")
    return value


def _is_link(value: Any) -> bool:
    if not isinstance(value, str) or len(value) > LONGEST_LINK or not value.isascii() or not value.isprintable():
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme == "https" and "." in parts.netloc and "@" not in parts.netloc and " " not in value
