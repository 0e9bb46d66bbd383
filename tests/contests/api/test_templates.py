"""Contest templates and schedules, as the platform keeps them."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.clients import Browser, api_client
from tests.contests.api.calls import CONTESTS
from tests.contests.rows import token_row

TEMPLATES = f"{CONTESTS}/templates"
RHYTHM = {"zone": "Asia/Kathmandu", "weekdays": [1, 3], "local_time": "18:30"}


@pytest.fixture
def told(session: Session) -> dict[str, Any]:
    token = token_row(session, "WIF")
    session.commit()
    return {
        "name": "Lunch sprint", "code": "LUNCH", "length_s": 5400, "entry_fee_lamports": 1, "sponsored_lamports": 0,
        "platform_fee_bps": 1000, "prize_split_bps": [10_000], "min_participants": 2, "initial_balance": "10000",
        "tie_policy": "review", "challenge_s": 0, "tokens": [token.mint],
    }  # fmt: skip


@pytest.fixture
def program(isolated: Flask, told: dict[str, Any]) -> Browser:
    return api_client(isolated, "contests:contest:read", "contests:contest:write")


def test_a_template_with_its_schedule(program: Browser, told: dict[str, Any]) -> None:
    made = program.post(TEMPLATES, json=told)
    assert (made.status_code, made.get_json()["schedules"]) == (201, [])
    planned = program.post(f"{TEMPLATES}/{made.get_json()['id']}/schedules", json=RHYTHM)
    assert planned.status_code == 201
    schedule = planned.get_json()["schedules"][0]
    assert RHYTHM.items() <= schedule.items()
    assert schedule["next_starts_at"].endswith("12:45:00Z")
    assert program.get(TEMPLATES).get_json()["templates"] == [planned.get_json()]


@pytest.mark.parametrize(("name", "value"), [("length_s", 1), ("tokens", []), ("code", "a b"), ("colour", "red")])
def test_what_is_wrong_is_named(program: Browser, told: dict[str, Any], name: str, value: object) -> None:
    answer = program.post(TEMPLATES, json=told | {name: value})
    assert (answer.status_code, name in answer.get_json()["detail"]) == (422, True)
    assert program.get(TEMPLATES).get_json()["templates"] == []


@pytest.mark.parametrize(("name", "value"), [("zone", "Mars/Base"), ("weekdays", [8]), ("local_time", "24:00")])
def test_a_rhythm_that_is_none(program: Browser, told: dict[str, Any], name: str, value: object) -> None:
    template_id = program.post(TEMPLATES, json=told).get_json()["id"]
    answer = program.post(f"{TEMPLATES}/{template_id}/schedules", json=RHYTHM | {name: value})
    assert answer.status_code == 422


def test_no_schedule_without_its_template(program: Browser) -> None:
    assert program.post(f"{TEMPLATES}/999999999/schedules", json=RHYTHM).status_code == 404
