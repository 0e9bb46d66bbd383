"""The JSON API: submitting, what became of it, and answers out of a cache that no change outlives."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.whitelist.jobs import check_submission
from app.whitelist.service.deciding import decide
from app.whitelist.service.standing import Order, order
from tests.clients import Browser, api_client
from tests.whitelist.desk import ANN, approved, facts_of, mint_of, settled, wish

TOKEN = {"mint": mint_of("CAT"), "symbol": "cat", "name": "Cat", "submitter": "kitten", "decimals": 6}
PATH = "/api/v1/whitelist/submissions"


@pytest.fixture
def program(isolated: Flask) -> Browser:
    return api_client(isolated, "whitelist:submissions:write", "whitelist:answers:read")


@pytest.fixture
def inside(isolated: Flask) -> Callable[[Callable[[], Any]], Any]:
    """Runs what the desk or the worker does between two calls."""

    def run(act: Callable[[], Any]) -> Any:
        with isolated.app_context():
            return act()

    return run


def test_from_submission_to_decision(program: Browser, inside: Any) -> None:
    answer = program.post(PATH, json=TOKEN)
    assert (answer.status_code, answer.get_json()["state"], answer.get_json()["symbol"]) == (202, "received", "CAT")
    number = answer.get_json()["id"]
    assert inside(check_submission)
    checked = program.get(f"{PATH}/{number}").get_json()
    assert (checked["state"], checked["decision"]) == ("awaiting_review", None)
    assert {"symbol", "account", "market_cap", "holders"} <= {line["check"] for line in checked["checks"]}
    inside(lambda: decide(number, wish("ask", facts_of(number), "correct_names", "See the mint."), by=ANN))
    assert program.get(f"{PATH}/{number}").get_json()["state"] == "awaiting_review"
    inside(settled)
    asked = program.get(f"{PATH}/{number}").get_json()
    assert (asked["state"], asked["decision"]["message"].endswith("See the mint.")) == ("info_requested", True)
    again = program.post(f"{PATH}/{number}/information", json={"words": "It is right."}).get_json()
    assert (again["state"], again["decision"]) == ("received", None)


def test_sent_again_it_is_the_same_one(program: Browser) -> None:
    first, second = program.post(PATH, json=TOKEN), program.post(PATH, json=TOKEN)
    assert (first.status_code, second.status_code, first.get_json()["id"]) == (202, 200, second.get_json()["id"])
    assert program.post(PATH, json=TOKEN | {"submitter": "dog"}).status_code == 409


def test_ten_an_hour_for_each_submitter(program: Browser) -> None:
    for number in range(10):
        assert program.post(PATH, json=TOKEN | {"mint": mint_of(f"CAT{number}")}).status_code == 202
    refused = program.post(PATH, json=TOKEN)
    assert (refused.status_code, int(refused.headers.get("Retry-After", 0)) > 3000) == (429, True)
    assert program.post(PATH, json=TOKEN | {"submitter": "dog"}).status_code == 202


@pytest.mark.parametrize(
    "wrong",
    [
        {"mint": "0OIl"}, {"mint": mint_of("CAT") + "\n"}, {"symbol": 7}, {"name": ""}, {"submitter": ""},
        {"decimals": 1.5}, {"links": ["http://cat.example"]}, {"links": "https://cat.example"}, {"words": "\0"},
    ],
)  # fmt: skip
def test_what_is_no_submission_is_refused(program: Browser, wrong: dict[str, Any]) -> None:
    assert program.post(PATH, json=TOKEN | wrong).status_code == 422


def test_others_do_not_see_it(isolated: Flask, program: Browser) -> None:
    number = program.post(PATH, json=TOKEN).get_json()["id"]
    other = api_client(isolated, "whitelist:submissions:write")
    assert other.get(f"{PATH}/{number}").status_code == 404
    assert other.post(f"{PATH}/{number}/information", json={"words": "mine"}).status_code == 404


def test_every_change_is_in_the_next_answer(program: Browser, inside: Any) -> None:
    mint = mint_of("CAT")
    assert program.get(f"/api/v1/whitelist/{mint}").get_json()["whitelisted"] is False
    inside(approved)
    for _ in range(2):
        assert program.get(f"/api/v1/whitelist/{mint}").get_json()["whitelisted"] is True
    inside(lambda: order(mint, Order("suspend", "active", "a key", "gone"), by=ANN))
    told = program.get(f"/api/v1/whitelist/{mint}").get_json()
    assert (told["whitelisted"], told["state"]) == (False, "suspended")


def test_a_whole_portfolio_at_once(program: Browser, inside: Any) -> None:
    inside(approved)
    mints = [mint_of("CAT"), mint_of("DOG"), mint_of("CAT")]
    told = program.post("/api/v1/whitelist/lookup", json={"mints": mints}).get_json()
    assert [one["whitelisted"] for one in told["answers"]] == [True, False, True]
    assert told["all_whitelisted"] is False
    assert program.post("/api/v1/whitelist/lookup", json={"mints": []}).status_code == 422
