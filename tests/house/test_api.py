"""Every address of the JSON API says what it takes, gives and refuses, and the description made of that is valid."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel
from werkzeug.routing import Rule

from app.core.access import allow_client, permission_of
from app.core.api.describing import PREFIX, description
from app.core.api.operations import operation, operation_of
from app.core.api.shapes import Answer
from app.core.clients import SCOPES
from app.core.limits import limit, rates_of
from tests.conftest import browser_of
from tests.house.sources import ROOT

NOT_CALLS = {"api.document"}
"""It serves the description."""


class Nothing(Answer):
    """An answer of no members."""


def routes(app: Flask) -> list[Rule]:
    ours = (rule for rule in app.url_map.iter_rules() if rule.rule.startswith(PREFIX))
    return [rule for rule in ours if rule.endpoint not in NOT_CALLS]


def lacks(view: Callable[..., Any]) -> Iterator[str]:
    """What nobody could know about this address."""
    about = operation_of(view)
    if about is None:
        yield "@operation(...) directly over the view"
    elif about.gives is None and about.statuses:
        yield "the model of its answer"
    if not (view.__doc__ or "").strip():
        yield "a docstring: it becomes the description"
    if rates_of(view) is None:
        yield "@limit(...)"
    if permission_of(view) is None:
        yield "@allow_client(...)"


def test_every_address_says_what_it_does(app: Flask) -> None:
    missing = [f"{rule.endpoint}: {what}" for rule in routes(app) for what in lacks(app.view_functions[rule.endpoint])]
    assert len(routes(app)) > 20
    assert not missing, "These addresses of the API miss:\n" + "\n".join(missing)


def test_the_description_is_openapi_3_1(app: Flask) -> None:
    with app.app_context():
        told = description(app, "https://ops.example")
    assert [error.message for error in OpenAPIV31SpecValidator(told).iter_errors()] == []


def test_every_call_is_described_with_its_refusals(app: Flask) -> None:
    with app.app_context():
        paths = description(app, "https://ops.example")["paths"]
    calls = {call["operationId"]: call for methods in paths.values() for call in methods.values()}
    assert set(calls) == {rule.endpoint for rule in routes(app)}
    for name, call in calls.items():
        wanted = {"401", "429", "500", "503"} | ({"413", "415", "422"} if "requestBody" in call else set())
        assert wanted <= set(call["responses"]), name


def test_the_page_names_every_scope() -> None:
    """Meant to fail when a scope is added to the program alone."""
    page = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    table = page.partition("| scope | what it is good for |\n|---|---|\n")[2].partition("\n\n")[0]
    told = dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", table, re.MULTILINE))
    assert told == dict(SCOPES)


def test_a_shape_has_a_name_of_its_own(app: Flask) -> None:
    """Two models of one name would be one in the description."""
    models: dict[str, set[type[BaseModel]]] = {}
    for view in app.view_functions.values():
        about = operation_of(view)
        for model in (about.gives, about.asks) if about else ():
            if model is not None:
                models.setdefault(model.__name__, set()).add(model)
    assert not [name for name, found in models.items() if len(found) > 1]


def test_it_is_served_and_kept_by_those_who_have_it(app: Flask) -> None:
    first = browser_of(app).get("/api/v1/openapi.json")
    again = browser_of(app).get("/api/v1/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.json["openapi"], again.status_code) == ("3.1.0", 304)  # type: ignore[index]  # a document was sent


def bare() -> str:
    return "an address that says nothing"


def silent() -> str:
    return "an address that says what it gives only"


@pytest.mark.parametrize(
    ("view", "misses"),
    [
        (bare, 4),
        (allow_client("metrics:read")(operation(Nothing)(silent)), 2),
        (allow_client("metrics:read")(limit("1 per minute")(operation(None)(test_the_description_is_openapi_3_1))), 2),
    ],
)
def test_a_planted_fault_is_seen(view: Callable[..., Any], misses: int) -> None:
    assert len(list(lacks(view))) == misses
