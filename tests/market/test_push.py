"""POST /api/v1/prices, as programs call it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.extensions import limiter
from app.market.rules.ticks import REASONS
from tests.clients import Browser, api_client
from tests.conftest import browser_of
from tests.fuzzing import QUICK
from tests.market.pushing import entries, fresh_name, rows, tick, token

PRICES = "/api/v1/prices"
PROBLEM = "application/problem+json"
SCOPE = "market:prices:write"


@pytest.fixture
def mint(session: Session) -> str:
    return token(session)


@pytest.fixture
def program(isolated: Flask, mint: str) -> Browser:
    return api_client(isolated, SCOPE, name=fresh_name())


@pytest.fixture
def good(session: Session, mint: str) -> Callable[..., dict[str, Any]]:
    """Makes a tick as JSON, by a source of its own."""

    def make(**changes: Any) -> dict[str, Any]:
        one = tick(mint, fresh_name())
        now = {"mint": mint, "source": one.source, "price": "147.48", "volume": "12.5", "side": "buy"}
        return now | {"at": (one.at_us or 0) // 1000} | changes

    return make


Good = Callable[..., dict[str, Any]]


def test_it_works(program: Browser, good: Good) -> None:
    answer = program.post(PRICES, json={"ticks": [good(), good(at="2026-01-01T00:00:00Z"), good(price=None)]})
    assert answer.status_code == 200
    assert answer.get_json()["accepted"] == 1
    assert [(one["index"], one["field"], one["reason"]) for one in answer.get_json()["refused"]] == [
        (1, "at", "bad_time"), (2, "price", "bad_price"),
    ]  # fmt: skip
    assert all(one["detail"] == REASONS[one["reason"]][1] for one in answer.get_json()["refused"])
    assert [entry.count for entry in entries(program.name)] == [1]


def test_the_same_call_again_says_so(program: Browser, good: Good) -> None:
    call = {"ticks": [good(), good()]}
    assert program.post(PRICES, json=call).get_json() == {"accepted": 2, "refused": []}
    again = program.post(PRICES, json=call).get_json()
    assert (again["accepted"], [one["reason"] for one in again["refused"]]) == (0, ["duplicate"] * 2)


@pytest.mark.parametrize("digits", ["0.1234567890123456789", "100000000000000001.5", "1.10", "3e-10"])
def test_a_number_keeps_its_digits(program: Browser, good: Good, digits: str) -> None:
    body = json.dumps({"ticks": [good(price="PRICE")]}).replace('"PRICE"', digits)
    assert program.post(PRICES, data=body, content_type="application/json").get_json()["accepted"] == 1
    (row,) = rows(entries(program.name)[0])
    assert row[2] == {"1.10": "1.1", "3e-10": "0.0000000003"}.get(digits, digits)


@pytest.mark.parametrize(("sources", "refused_of"), [((), [1, 2]), (("orca", "raydium"), [0]), (("*",), [])])
def test_a_key_tells_prices_of_its_own_sources(
    isolated: Flask, good: Good, sources: tuple[str, ...], refused_of: list[int]
) -> None:
    program = api_client(isolated, SCOPE, name=fresh_name(), sources=sources)
    ticks = [good(source=source) for source in (program.name, "orca", "raydium")]
    answer = program.post(PRICES, json={"ticks": ticks}).get_json()
    assert answer["accepted"] == 3 - len(refused_of)
    assert [(one["index"], one["reason"]) for one in answer["refused"]] == [(n, "foreign_source") for n in refused_of]


def test_five_thousand_fit_and_no_more(program: Browser, good: Good) -> None:
    one = good()
    ticks = [one | {"source": f"{one['source']}{number}"} for number in range(5001)]
    assert program.post(PRICES, json={"ticks": ticks[:5000]}).get_json() == {"accepted": 5000, "refused": []}
    answer = program.post(PRICES, json={"ticks": ticks})
    assert (answer.status_code, "5,001 ticks" in answer.get_json()["detail"]) == (422, True)


def test_too_large_a_body(program: Browser) -> None:
    answer = program.post(PRICES, data=b" " * 1_500_001, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (413, PROBLEM)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "line 1, column 1"),
        (b'{"ticks": [1,]}', "not JSON"),
        (b'{"ticks": "all"}', "list named ticks"),
        (b"[]", "not an object"),
        (b'{"ticks": []}', "no ticks"),
        (b'{"ticks": [{}, 5]}', "ticks[1] is not an object"),
        (b'{"ticks": ["\xff"]}', "byte 12"),
        (b"[" * 100_000, "without end"),
        (b'{"ticks": [' + b"9" * 5000 + b"]}", "thousands of digits"),
    ],
)
def test_a_body_that_is_no_call(program: Browser, body: bytes, told: str) -> None:
    answer = program.post(PRICES, data=body, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (422, PROBLEM)
    assert told in answer.get_json()["detail"]
    assert answer.get_json()["fix"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
TICK = st.fixed_dictionaries({}, optional=dict.fromkeys(("mint", "source", "price", "volume", "side", "at"), JSON))


@settings(QUICK, max_examples=60)
@given(st.lists(TICK, min_size=1, max_size=5))
def test_anything_is_accepted_or_refused(program: Browser, ticks: list[dict[str, Any]]) -> None:
    answer = program.post(PRICES, json={"ticks": ticks})
    assert answer.status_code == 200
    assert answer.get_json()["accepted"] + len(answer.get_json()["refused"]) == len(ticks)


@settings(QUICK, max_examples=60)
@given(JSON | st.binary(max_size=60))
def test_garbage_is_told_apart(program: Browser, body: Any) -> None:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = program.post(PRICES, data=data, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (422, PROBLEM)


def test_only_json(program: Browser) -> None:
    answer = program.post(PRICES, data={"ticks": "[]"})
    assert (answer.status_code, answer.mimetype) == (415, PROBLEM)


def refused(answer: TestResponse, status: int) -> str:
    assert (answer.status_code, answer.mimetype, answer.get_json()["status"]) == (status, PROBLEM, status)
    return f"{answer.get_json()['detail']} {answer.get_json()['fix']}"


def test_without_a_key(client: Browser) -> None:
    answer = client.post(PRICES, json={})
    assert "that an admin made under API clients" in refused(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("key", ["x", "dd_", "dd_00000000_" + "A" * 43, "dd_00000000_é"])
def test_with_a_wrong_key(client: Browser, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}".encode().decode("latin-1")}
    assert "not one of ours" in refused(client.post(PRICES, json={}, headers=headers), 401)


def test_a_right_prefix_with_a_wrong_secret(isolated: Flask, program: Browser) -> None:
    key = program.environ_base["HTTP_AUTHORIZATION"][:-43] + "A" * 43
    assert "not one of ours" in refused(browser_of(isolated).post(PRICES, headers={"Authorization": key}), 401)


def test_a_method_and_an_address_there_are_not(program: Browser) -> None:
    assert refused(program.put(PRICES), 405)
    assert refused(program.get("/api/v1/nothing"), 404)
    assert "POST" in program.put(PRICES).headers["Allow"]


@pytest.fixture
def limited() -> Iterator[None]:
    limiter.enabled = True
    yield
    limiter.enabled = False


@pytest.mark.usefixtures("limited")
def test_six_hundred_a_minute_and_no_more(program: Browser, isolated: Flask) -> None:
    statuses = [program.post(PRICES, json={"ticks": 0}).status_code for _ in range(600)]
    beyond = program.post(PRICES, json={"ticks": 0})
    assert set(statuses) == {422}
    assert "Try again in" in refused(beyond, 429)
    assert 1 <= int(beyond.headers["Retry-After"]) <= 61
    assert api_client(isolated, SCOPE).post(PRICES, json={}).status_code == 422
