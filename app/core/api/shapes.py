"""What programs tell and are told, as pydantic models; a Refusal names every member that is not what it should be."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core.errors import Refusal
from app.core.problems import Fault

SHOWN_CHARACTERS = 60
MOST_FAULTS = 20
FIXED = {"missing": "is missing", "extra_forbidden": "is not known here"}
UNSEEN = r"\p{Cc}\x{2028}-\x{202E}\x{2066}-\x{2069}"
"""Control characters, line ends, and marks that turn the direction of writing."""


class Shape(BaseModel):
    """What a program tells. A field's description is the end of the sentence that refuses it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Answer(BaseModel):
    """What a program is told; every member stands in every answer."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


S = TypeVar("S", bound=Shape)


class Unreadable(Refusal):
    """`field` is the first member that cannot be used, `what` says why; `faults` has them all."""

    def __init__(self, field: str, problem: str, faults: Sequence[Fault] = ()) -> None:
        what = f"{field}: {problem}." if field else f"It {problem}."
        super().__init__(what, status=422, faults=faults or [Fault(pointer_of(field), what)])
        self.field = field


def read(shape: type[S], value: object) -> S:
    """Raises Unreadable for the members that are not what they should be."""
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        raise _unreadable(shape, error) from error


def read_each(shape: type[S], values: Sequence[object]) -> list[S | Unreadable]:
    """Each as it could be read, in the same order: what is wrong with one harms no other."""
    return [_or_why(shape, value) for value in values]


def _or_why(shape: type[S], value: object) -> S | Unreadable:
    try:
        return read(shape, value)
    except Unreadable as why:
        return why


def _unreadable(shape: type[Shape], error: ValidationError) -> Unreadable:
    found = error.errors(include_url=False, include_context=False)[:MOST_FAULTS]
    named = [(fault["loc"], problem(shape, fault)) for fault in found]
    faults = [Fault(pointer(steps), f"{steps[0]}: {what}." if steps else f"It {what}.") for steps, what in named]
    first, what = named[0]
    return Unreadable(str(first[0]) if first else "", what, faults)


def pointer(steps: Sequence[int | str]) -> str:
    """A JSON pointer into the body, as a URI fragment (RFC 6901)."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def pointer_of(field: str) -> str:
    """Of a member as sentences name it: `tokens[3]`."""
    return pointer([part for part in field.replace("[", ".").replace("]", "").split(".") if part])


def problem(shape: type[BaseModel], fault: Mapping[str, Any]) -> str:
    """What is wrong with a member, such as `12 is not a text of 1 to 64 characters on one line`."""
    member = str(fault["loc"][0]) if fault["loc"] else ""
    known = shape.model_fields.get(member)
    wanted = (known.description if known is not None else None) or "an object"
    return FIXED.get(fault["type"]) or f"{shown(fault['input'])} is not {wanted}"


def shown(value: object) -> str:
    """A value as it was told, cut when it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace").decode()
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def whole(low: int, high: int) -> Any:
    return Field(ge=low, le=high, description=f"a whole number from {low} to {high}")


def words(longest: int) -> Any:
    return Field(
        pattern=rf"^[^{UNSEEN}]*[^{UNSEEN}\s][^{UNSEEN}]*$", max_length=longest,
        description=f"a text of 1 to {longest} characters on one line",
        json_schema_extra=without_pattern,
    )  # fmt: skip


def text(longest: int, *, least: int = 1) -> Any:
    """Anything that the database can keep."""
    return Field(
        pattern=r"^[^\x00]*$", min_length=least, max_length=longest,
        description=f"a text of {least} to {longest} characters",
    )  # fmt: skip


def one_of(names: Iterable[str]) -> Any:
    known = list(names)

    def listed(schema: dict[str, Any]) -> None:
        text = next((part for part in schema.get("anyOf", [schema]) if part.get("type") == "string"), schema)
        text.pop("pattern", None)
        text["enum"] = known

    return Field(
        pattern=f"^({'|'.join(known)})$", description=f"one of {', '.join(known)}", json_schema_extra=listed
    )  # fmt: skip


def without_pattern(schema: dict[str, Any]) -> None:
    """Rust's regular expressions name classes that those of other languages do not have."""
    del schema["pattern"]
    schema["minLength"] = 1
