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


def test_what_is_not_told_is_as_for_a_contest(program: Browser, told: dict[str, Any]) -> None:
    needed = ("name", "code", "length_s", "entry_fee_lamports", "initial_balance", "tokens")
    made = program.post(TEMPLATES, json={name: told[name] for name in needed} | {"score_decimals": 4})
    assert made.status_code == 201
    shown = made.get_json()
    assert (shown["score_decimals"], shown["prize_split_bps"], shown["min_participants"]) == (4, [6900, 2000, 1100], 2)


def test_members_change_under_the_version_that_was_seen(program: Browser, told: dict[str, Any]) -> None:
    number = program.post(TEMPLATES, json=told | {"tiebreakers": ["win_rate"]}).get_json()["id"]
    changed = program.patch(f"{TEMPLATES}/{number}", json={"version": 1, "length_s": 8100})
    assert (changed.status_code, changed.get_json()["version"], changed.get_json()["length_s"]) == (200, 2, 8100)
    assert changed.get_json()["tiebreakers"] == ["win_rate"]
    assert program.patch(f"{TEMPLATES}/{number}", json={"version": 1, "length_s": 60}).status_code == 409
    wrong = program.patch(f"{TEMPLATES}/{number}", json={"version": 2, "length_s": 1})
    assert (wrong.status_code, "length_s" in wrong.get_json()["detail"]) == (422, True)
    assert program.patch(f"{TEMPLATES}/999999999", json={"version": 1}).status_code == 404


def test_a_schedule_rests_and_runs_again(program: Browser, told: dict[str, Any]) -> None:
    number = program.post(TEMPLATES, json=told).get_json()["id"]
    schedule = program.post(f"{TEMPLATES}/{number}/schedules", json=RHYTHM).get_json()["schedules"][0]
    place = f"{TEMPLATES}/{number}/schedules/{schedule['id']}"
    paused = program.post(f"{place}/pause").get_json()["schedules"][0]
    assert paused["paused_because"].startswith("Paused by ")
    assert program.post(f"{place}/pause").status_code == 409
    assert program.post(f"{place}/resume").get_json()["schedules"] == [schedule]
    assert program.post(f"{TEMPLATES}/999999999/schedules/{schedule['id']}/pause").status_code == 404
