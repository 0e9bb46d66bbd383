"""The JSON API as an OpenAPI 3.1 document, made of what its routes say of themselves."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from werkzeug.routing import Rule

from app.core import once, problems
from app.core.access import permission_of
from app.core.api.operations import Operation, operation_of
from app.core.api.problem_shape import Problem
from app.core.api.shapes import Answer
from app.core.clients import SCOPES
from app.core.errors import SENTENCES
from app.core.limits import rates_of
from app.core.version import VERSION

PREFIX = "/api/v1/"
REFERENCE = "#/components/schemas/{model}"
NEVER_DESCRIBED = {"HEAD", "OPTIONS"}
LARGEST_NUMBER = 2**63 - 1
ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")
CLIENT = "client:"
SAID = SENTENCES | problems.SENTENCES
WORDS = """For programs of the platform. Each call shows a key: `Authorization: Bearer dd_…`. Times are RFC 3339 in UTC,
lamports whole numbers, prices and balances exact numbers as text."""
HEADERS = {
    "RateLimit-Policy": "How many calls fit into which window, such as `\"per-60s\";q=600;w=60`.",
    "RateLimit": "How many calls are left, and after how many seconds, rounded up, the oldest is given back.",
    "X-Request-Id": "Under this our log knows the call.",
    "ETag": "Stands for what the answer says; send it as If-None-Match.",
    "Retry-After": "Seconds after which the same call may work.",
}


class Untitled(GenerateJsonSchema):
    """Names of members are titles enough."""

    def field_title_should_be_set(self, _schema: Any) -> bool:
        return False


def description(app: Flask, url: str) -> dict[str, Any]:
    models: dict[str, type[BaseModel]] = {Problem.__name__: Problem}

    def of(model: type[BaseModel]) -> dict[str, Any]:
        models[model.__name__] = model
        return {"$ref": REFERENCE.format(model=model.__name__)}

    paths: dict[str, dict[str, Any]] = {}
    for rule, method, about in described(app):
        view = app.view_functions[rule.endpoint]
        paths.setdefault(ARGUMENT.sub(r"{\2}", rule.rule), {})[method.lower()] = _call(rule, method, about, view, of)
    return {
        "openapi": "3.1.0",
        "info": {"title": "DegenDuel Ops", "version": VERSION, "description": WORDS},
        "servers": [{"url": url}],
        "tags": [{"name": name} for name in sorted({tag_of(path) for path in paths})],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": _scopes()}},
            "headers": {name: {"description": words, "schema": {"type": "string"}} for name, words in HEADERS.items()},
            "schemas": _schemas(models),
        },
    }


def described(app: Flask) -> Iterator[tuple[Rule, str, Operation]]:
    """Every route of the API by every method, with what it says of itself; those that say nothing are left out."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        about = operation_of(app.view_functions[rule.endpoint])
        if about is not None and rule.rule.startswith(PREFIX):
            for method in sorted((rule.methods or set()) - NEVER_DESCRIBED):
                yield rule, method, about


def tag_of(path: str) -> str:
    return path.removeprefix(PREFIX).split("/")[0]


def _call(
    rule: Rule, method: str, about: Operation, view: Callable[..., Any], of: Callable[[type[BaseModel]], dict[str, Any]]
) -> dict[str, Any]:
    summary, _, more = (inspect.getdoc(view) or "").partition("\n\n")
    scope = (permission_of(view) or "").removeprefix(CLIENT)
    has_key = scope in SCOPES
    call: dict[str, Any] = {
        "operationId": rule.endpoint, "tags": [tag_of(rule.rule)], "summary": " ".join(summary.split()),
        "security": [{"key": [scope]}] if has_key else [], "x-rates": rates_of(view),
        "responses": _responses(method, about, has_key=has_key, has_arguments=bool(rule.arguments), of=of),
    }  # fmt: skip
    call |= {"description": " ".join(more.split())} if more else {}
    parameters = [*_arguments(rule), *_parameters(about), *_request_headers(method, about)]
    call |= {"parameters": parameters} if parameters else {}
    if about.takes is not None:
        content = {"application/json": {"schema": about.takes.schema(of)}}
        call["requestBody"] = {"required": True, "content": content, "x-largest": about.takes.largest}
    return call


def _arguments(rule: Rule) -> Iterator[dict[str, Any]]:
    for kind, name in ARGUMENT.findall(rule.rule):
        whole = {"type": "integer", "minimum": 0, "maximum": LARGEST_NUMBER}
        yield {
            "name": name, "in": "path", "required": True,
            "schema": whole if kind == "int" else {"type": "string", "minLength": 1},
        }  # fmt: skip


def _parameters(about: Operation) -> Iterator[dict[str, Any]]:
    if about.asks is None:
        return
    for name, schema in about.asks.model_json_schema(schema_generator=Untitled)["properties"].items():
        plain: dict[str, Any] = next((one for one in schema.pop("anyOf", []) if one.get("type") != "null"), {})
        rest = {word: value for word, value in schema.items() if word != "default" or value is not None}
        words = rest.pop("description", "")
        yield {"name": name, "in": "query", "description": words, "schema": plain | rest}


def _request_headers(method: str, about: Operation) -> Iterator[dict[str, Any]]:
    if about.once:
        words = "The caller's own name for the call, such as a UUID: sent again, it is answered again and done once."
        schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]+$"}
        yield {"name": once.HEADER, "in": "header", "description": words, "schema": schema}
    if method == "GET":
        words = "The ETag of an earlier answer: 304 says that it still stands."
        yield {"name": "If-None-Match", "in": "header", "description": words, "schema": {"type": "string"}}


def _responses(
    method: str, about: Operation, *, has_key: bool, has_arguments: bool,
    of: Callable[[type[BaseModel]], dict[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    answers: dict[int, dict[str, Any]] = {}
    for status in about.statuses if about.gives is not None else ():
        headers = ["RateLimit", "RateLimit-Policy", "X-Request-Id", *(["ETag"] if method == "GET" else [])]
        answers[status] = _answer(status, headers, {"application/json": {"schema": of(about.gives)}})  # type: ignore[arg-type]  # asked in the line above
    if method == "GET":
        answers[304] = _answer(304, ["ETag"], None)
    for status in sorted(_refusals(about, has_key=has_key, has_arguments=has_arguments)):
        headers = ["X-Request-Id", *(["Retry-After"] if status in {409, 429, 503} else [])]
        answers[status] = _answer(status, headers, {"application/problem+json": {"schema": of(Problem)}})
    return {str(status): answer for status, answer in sorted(answers.items())}


def _refusals(about: Operation, *, has_key: bool, has_arguments: bool) -> set[int]:
    found = {429, 500, 503, *about.refuses}
    found |= {401, 403} if has_key else {401}
    found |= {404} if has_arguments else set()
    found |= {413, 415, 422} if about.takes is not None else set()
    found |= {422} if about.asks is not None else set()
    return found | ({409, 422} if about.once else set())


def _answer(status: int, headers: list[str], content: Mapping[str, Any] | None) -> dict[str, Any]:
    words = SAID[status][0] if status in SAID else HTTPStatus(status).phrase
    told = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    return {"description": words, "headers": told} | ({"content": dict(content)} if content else {})


def _schemas(models: Mapping[str, type[BaseModel]]) -> dict[str, Any]:
    wanted = [(model, "serialization" if issubclass(model, Answer) else "validation") for model in models.values()]
    _, made = models_json_schema(wanted, ref_template=REFERENCE, schema_generator=Untitled)  # type: ignore[arg-type]  # the two words it knows
    return dict(sorted(made["$defs"].items()))


def _scopes() -> str:
    return "Scopes: " + "; ".join(f"`{scope}` – {words}" for scope, words in SCOPES.items()) + "."
