"""What is wrong with a call is named: by a pointer into its body, or by the parameter of its address."""

from typing import Any

import pytest
from flask import Flask

from app.core.clients import SCOPES
from tests.clients import Browser, api_client

CONTESTS = "/api/v1/contests"
TOKEN = {"mint": "x", "symbol": "CAT", "name": "Cat", "submitter": "kitten"}


@pytest.fixture
def program(isolated: Flask) -> Browser:
    return api_client(isolated, *SCOPES)


@pytest.mark.parametrize(
    ("address", "body", "pointers"),
    [
        (CONTESTS, {"code": "!", "colour": "red"}, {"#/code", "#/colour", "#/name", "#/tokens"}),
        ("/api/v1/whitelist/submissions", TOKEN | {"links": ["https://a.example", "http://a.example"]}, {"#/links/1"}),
        ("/api/v1/whitelist/lookup", {"mints": [7]}, {"#/mints/0"}),
        ("/api/v1/prices", {"ticks": ["x"]}, {"#/ticks/0"}),
        ("/api/v1/prices", {}, {"#/ticks"}),
        (f"{CONTESTS}/X/trades", {"trades": []}, {"#/trades"}),
        (f"{CONTESTS}/X/cancel", {}, {"#/reason"}),
    ],
)
def test_members_are_named(program: Browser, address: str, body: Any, pointers: set[str]) -> None:
    answer = program.post(address, json=body)
    named = {fault["pointer"] for fault in answer.get_json().get("errors", ())}
    assert (answer.status_code, answer.mimetype, pointers <= named) == (422, "application/problem+json", True)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("state=lost", "state"), ("limit=0", "limit"), ("limit=x", "limit"), ("after=x", "after"), ("after=1", "after"),
     ("before=1_2_3", "before"), ("colour=red", "colour")],
)  # fmt: skip
def test_parameters_are_named(program: Browser, query: str, parameter: str) -> None:
    answer = program.get(f"{CONTESTS}?{query}")
    named = [fault["parameter"] for fault in answer.get_json().get("errors", ())]
    assert (answer.status_code, named) == (422, [parameter])


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [(b"{}", "text/plain", 415), (b"{", "application/json", 422), (b"\xff", "application/json", 422),
     (b"[]", "application/json", 422), (b"[" * 60_000, "application/json", 422),
     (b"1" * 60_000, "application/json", 422), (b" " * 70_000, "application/json", 413)],
)  # fmt: skip
def test_a_body_that_is_none(program: Browser, body: bytes, kind: str, status: int) -> None:
    answer = program.post("/api/v1/whitelist/submissions", data=body, content_type=kind)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_an_address_with_what_no_text_has(program: Browser) -> None:
    assert program.get("/api/v1/whitelist/a%00b").status_code == 404
