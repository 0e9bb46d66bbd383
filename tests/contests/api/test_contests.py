"""Contests as the platform makes, reads and cancels them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contests.models import Contest, Entry
from tests.clients import Browser, api_client
from tests.contests.api.calls import CONTESTS, terms
from tests.contests.rows import address, contest_row, evaluation_row, standings, token_row


@pytest.fixture
def mint(session: Session) -> str:
    token = token_row(session, "WIF")
    session.commit()
    return token.mint


@pytest.fixture
def program(isolated: Flask, mint: str) -> Browser:
    return api_client(isolated, "contests:contest:read", "contests:contest:write")


@pytest.fixture
def code(program: Browser, mint: str) -> str:
    return str(program.post(CONTESTS, json=terms(mint)).get_json()["code"])


def players(*nicknames: str) -> dict[str, Any]:
    return {"entries": [{"wallet": address(), "nickname": name} for name in nicknames]}


def test_it_is_scheduled_with_the_usual_terms(program: Browser, mint: str, session: Session) -> None:
    given = terms(mint)
    made = program.post(CONTESTS, json=given)
    assert (made.status_code, made.get_json()["state"]) == (201, "scheduled")
    assert made.get_json() == program.get(f"{CONTESTS}/{given['code']}").get_json()
    assert made.get_json()["prize_split_bps"] == [6900, 2000, 1100]
    contest = session.scalars(select(Contest).where(Contest.code == given["code"])).one()
    assert (contest.feed_id, contest.settlement["window_s"]) == (0, 60)


def test_told_again_it_is_the_same(program: Browser, mint: str) -> None:
    given = terms(mint)
    assert [program.post(CONTESTS, json=given).status_code for _ in range(2)] == [201, 200]
    assert program.post(CONTESTS, json=given | {"initial_balance": "1e4"}).status_code == 200
    other = program.post(CONTESTS, json=given | {"entry_fee_lamports": 1})
    assert (other.status_code, "exists with other terms" in other.get_json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("code", "a b"), ("name", ""), ("ends_at", "2026-01-01"), ("entry_fee_lamports", -1), ("initial_balance", 5),
     ("prize_split_bps", [1]), ("tokens", []), ("tie_policy", "coin"), ("colour", "red"), ("starts_at", "PAST")],
)  # fmt: skip
def test_what_is_wrong_is_named(program: Browser, mint: str, name: str, value: object) -> None:
    past = (datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)).isoformat()
    answer = program.post(CONTESTS, json=terms(mint, **{name: past if value == "PAST" else value}))
    assert answer.status_code == 422
    assert answer.get_json()["detail"].startswith(f"{name}: ")


def test_a_token_has_to_be_on_the_whitelist(program: Browser, mint: str, session: Session) -> None:
    given = terms(mint, address())
    assert program.post(CONTESTS, json=given).get_json()["detail"].startswith("tokens[1]: ")
    assert session.scalars(select(Contest).where(Contest.code == given["code"])).one_or_none() is None


def test_players_enter_once(program: Browser, code: str, session: Session) -> None:
    call = players("ann", "bob")
    call["entries"].append({"wallet": "0", "nickname": "zed"})
    first = program.post(f"{CONTESTS}/{code}/entries", json=call).get_json()
    assert (first["accepted"], [(one["index"], one["field"]) for one in first["refused"]]) == (2, [(2, "wallet")])
    again = program.post(f"{CONTESTS}/{code}/entries", json=call).get_json()
    assert (again["accepted"], again["known"]) == (0, 2)
    assert program.get(f"{CONTESTS}/{code}").get_json()["entries_count"] == 2


def test_nobody_enters_a_contest_that_runs(program: Browser, session: Session) -> None:
    contest = contest_row(session, state="live")
    session.commit()
    answer = program.post(f"{CONTESTS}/{contest.code}/entries", json=players("ann"))
    assert (answer.status_code, "is live" in answer.get_json()["detail"]) == (409, True)
    assert session.scalars(select(Entry).where(Entry.contest_id == contest.id)).all() == []


def test_a_cancelled_contest_is_void(program: Browser, code: str) -> None:
    program.post(f"{CONTESTS}/{code}/entries", json=players("ann"))
    for _ in range(2):
        answer = program.post(f"{CONTESTS}/{code}/cancel", json={"reason": "The sponsor withdrew."})
        assert answer.status_code == 200
        assert (answer.get_json()["state"], answer.get_json()["version"]) == ("void", 2)


def test_only_before_the_end_and_with_a_reason(program: Browser, code: str, session: Session) -> None:
    ended = contest_row(session).code
    session.commit()
    assert program.post(f"{CONTESTS}/{ended}/cancel", json={"reason": "Too late"}).status_code == 409
    assert program.post(f"{CONTESTS}/{code}/cancel", json={"reason": " "}).status_code == 422


def test_standings_come_in_pages(program: Browser, session: Session) -> None:
    contest = contest_row(session, state="proposed")
    assert program.get(f"{CONTESTS}/{contest.code}/standings").get_json()["evaluation"] is None
    draft = evaluation_row(session, contest)
    standings(session, contest, draft, ["12.50"] * 2 + ["11"] * 500)
    session.commit()
    first = program.get(f"{CONTESTS}/{contest.code}/standings").get_json()
    assert first["evaluation"] == {"version": 1, "state": "draft"}
    assert [(row["rank"], row["score"]) for row in first["standings"][:3]] == [(1, "12.5"), (1, "12.5"), (3, "11")]
    rest = program.get(f"{CONTESTS}/{contest.code}/standings", query_string={"after": first["after"]}).get_json()
    assert (len(first["standings"]), len(rest["standings"]), rest["after"]) == (500, 2, None)


def test_what_is_not_there(program: Browser) -> None:
    for path in ("", "/standings"):
        assert program.get(f"{CONTESTS}/nowhere{path}").status_code == 404
