"""The description as people read it: one page a service, members of bodies and answers line by line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DEEPEST = 3
FEW_WORDS = 8
PLAIN = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
JSON, PROBLEM = "application/json", "application/problem+json"


@dataclass(frozen=True)
class Member:
    """`depth` says inside how many others it stands."""

    name: str
    kind: str
    is_needed: bool
    words: str
    depth: int = 0


@dataclass(frozen=True)
class Call:
    """`gives` names the shape of a successful answer; `refusals` are the statuses of others."""

    name: str
    method: str
    path: str
    summary: str
    more: str
    scope: str
    rates: str
    largest: int | None
    once: bool
    parameters: list[Member]
    takes: list[Member]
    statuses: list[str]
    gives: str
    refusals: list[str]


@dataclass(frozen=True)
class Shown:
    """A shape of answers, told once however many calls give it."""

    name: str
    words: str
    members: list[Member]


@dataclass(frozen=True)
class Service:
    name: str
    calls: list[Call]
    answers: list[Shown]


def services(document: Mapping[str, Any]) -> list[Service]:
    found: dict[str, list[Call]] = {}
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            found.setdefault(call["tags"][0], []).append(_call(document, path, method.upper(), call))
    return [Service(name, calls, _answers(document, calls)) for name, calls in sorted(found.items())]


def _answers(document: Mapping[str, Any], calls: Sequence[Call]) -> list[Shown]:
    names = dict.fromkeys(call.gives for call in calls if call.gives)
    shapes = {name: document["components"]["schemas"][name] for name in names}
    return [Shown(name, one.get("description", ""), list(members(document, one))) for name, one in shapes.items()]


def _call(document: Mapping[str, Any], path: str, method: str, call: Mapping[str, Any]) -> Call:
    body = call.get("requestBody", {"content": {JSON: {"schema": {}}}})
    good = {status: answer for status, answer in call["responses"].items() if JSON in answer.get("content", {})}
    shape = next(iter(good.values()))["content"][JSON]["schema"] if good else {}
    refused = [status for status, one in call["responses"].items() if PROBLEM in one.get("content", {})]
    return Call(
        name=call["operationId"], method=method, path=path, summary=call["summary"], more=call.get("description", ""),
        scope=call["security"][0]["key"][0] if call["security"] else "", rates=call["x-rates"] or "",
        largest=body.get("x-largest"), once=any(one["name"] == "Idempotency-Key" for one in call.get("parameters", [])),
        parameters=[_parameter(document, one) for one in call.get("parameters", []) if one["in"] != "header"],
        takes=list(members(document, body["content"][JSON]["schema"])),
        statuses=list(good), gives=shape.get("$ref", "").rpartition("/")[2],
        refusals=refused,
    )  # fmt: skip


def _parameter(document: Mapping[str, Any], one: Mapping[str, Any]) -> Member:
    return Member(one["name"], kind(document, one["schema"]), one.get("required", False), one.get("description", ""))


def members(document: Mapping[str, Any], schema: Mapping[str, Any], depth: int = 0) -> Iterator[Member]:
    """Every member of an object, each followed by those inside it."""
    whole = _whole(document, schema)
    needed = set(whole.get("required", ()))
    for name, shape in whole.get("properties", {}).items():
        yield Member(
            name, kind(document, shape), name in needed, _whole(document, shape).get("description", ""), depth
        )  # fmt: skip
        if depth < DEEPEST:
            yield from members(document, _inside(document, shape), depth + 1)


def kind(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """What a value is, in a few words."""
    shape = _whole(document, schema)
    choices = [one for one in shape.get("anyOf", []) if one.get("type") != "null"]
    if choices:
        several = " or ".join(dict.fromkeys(kind(document, one) for one in choices))
        return several + (" or null" if len(choices) < len(shape["anyOf"]) else "")
    if "enum" in shape:
        return "one of " + ", ".join(shape["enum"]) if len(shape["enum"]) <= FEW_WORDS else "a word"
    if shape.get("type") == "array":
        return f"list of {kind(document, shape.get('items', {}))}s"
    if shape.get("format") == "date-time":
        return "time"
    return PLAIN.get(shape.get("type", "object"), "object")


def _inside(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object that a member is, or that each thing of its list is."""
    shape = _whole(document, schema)
    for one in shape.get("anyOf", []):
        if one.get("type") != "null":
            return _inside(document, one)
    return _inside(document, shape["items"]) if "items" in shape else shape


def _whole(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that a reference stands for, with what is said beside the reference."""
    if "$ref" not in schema:
        return schema
    found: Any = document
    for step in schema["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return {**_whole(document, found), **{name: value for name, value in schema.items() if name != "$ref"}}
