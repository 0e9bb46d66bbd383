"""The body of a call: one JSON object, read once, of bounded size."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol

from flask import request
from pydantic import BaseModel

from app.core import problems
from app.core.api.shapes import S, Unreadable, read, read_each
from app.core.errors import Refusal
from app.core.problems import Fault

MOST = 5000
SMALL = 64 * 1024
LARGE = 3_000_000


class Body(Protocol):
    """What an address takes: how it is read, and how the description shows it."""

    @property
    def largest(self) -> int: ...

    def read(self, body: bytes) -> Any: ...

    def schema(self, of: Callable[[type[BaseModel]], dict[str, Any]]) -> dict[str, Any]: ...


@dataclass(frozen=True)
class One(Generic[S]):
    """An object of one shape."""

    shape: type[S]
    largest: int = SMALL

    def read(self, body: bytes) -> S:
        return read(self.shape, an_object(body))

    def schema(self, of: Callable[[type[BaseModel]], dict[str, Any]]) -> dict[str, Any]:
        return of(self.shape)


@dataclass(frozen=True)
class Many(Generic[S]):
    """A list of one shape under one name: what is wrong with one of them harms no other."""

    name: str
    shape: type[S]
    largest: int = LARGE
    most: int = MOST

    def read(self, body: bytes) -> list[S | Unreadable]:
        document = an_object(body)
        told = document.get(self.name)
        if set(document) != {self.name} or not isinstance(told, list):
            raise Unreadable("", f"is not an object with a list named {self.name}, and nothing else")
        if not 1 <= len(told) <= self.most:
            raise Unreadable(self.name, f"there are {len(told):,} in this call; one takes 1 to {self.most:,}")
        return read_each(self.shape, told)

    def schema(self, of: Callable[[type[BaseModel]], dict[str, Any]]) -> dict[str, Any]:
        items = {"type": "array", "minItems": 1, "maxItems": self.most, "items": of(self.shape)}
        return {
            "type": "object", "required": [self.name], "additionalProperties": False, "properties": {self.name: items}
        }  # fmt: skip


def received(body: Body) -> Any:
    """What this request brought, read."""
    if request.mimetype != "application/json":
        raise Refusal(*problems.SENTENCES[415], status=415)
    request.max_content_length = body.largest
    return body.read(request.get_data())


def an_object(body: bytes, *, exact: bool = False) -> dict[str, Any]:
    """The JSON object that a body is. `exact`: numbers with a point keep every digit, as text."""
    document = _parsed(body, exact=exact)
    if not isinstance(document, dict):
        raise Refusal("The body is not an object.", problems.SEE, status=422, faults=[Fault("#", "is not an object")])
    return document


def _parsed(body: bytes, *, exact: bool) -> Any:
    try:
        options: dict[str, Any] = {"parse_float": str, "parse_constant": str} if exact else {}
        return json.loads(body.decode(), **options)
    except UnicodeDecodeError as error:
        what = f"The body is not UTF-8: byte {error.start} cannot be read."
        raise Refusal(what, problems.SEE, status=422) from error
    except json.JSONDecodeError as error:
        what = f"The body is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        raise Refusal(what, problems.SEE, status=422) from error
    except (ValueError, RecursionError) as error:
        what = "The body holds a number with thousands of digits, or lists within lists without end."
        raise Refusal(what, problems.SEE, status=422) from error
