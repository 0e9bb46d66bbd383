"""PATCH /api/v1/contests/…, as the platform calls it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.audit.models import AuditEntry
from app.audit.rules import SYSTEM
from app.contests.models import Contest, ContestToken
from app.market.models import Token
from app.webhooks.models import WebhookEvent
from app.webhooks.service import add_endpoint
from tests.clients import Browser, api_client
from tests.contests.api.calls import CONTESTS, terms
from tests.contests.rows import address, contest_row, token_row


@pytest.fixture
def token(session: Session) -> Token:
    row = token_row(session, "WIF")
    session.commit()
    return row


@pytest.fixture
def program(isolated: Flask, token: Token) -> Browser:
    return api_client(isolated, "contests:contest:read", "contests:contest:write")


@pytest.fixture
def made(program: Browser, token: Token) -> dict[str, Any]:
    given = terms(token.mint)
    program.post(CONTESTS, json=given)
    return given


def change(program: Browser, code: str, *, version: int = 1, **changes: Any) -> TestResponse:
    return program.patch(f"{CONTESTS}/{code}", json={"version": version} | changes)


def test_only_what_is_told_changes(program: Browser, made: dict[str, Any], session: Session) -> None:
    answer = change(program, made["code"], name="Noon cup", ends_at=made["starts_at"][:10] + "T23:59:59.5Z")
    assert (answer.status_code, answer.get_json()["name"], answer.get_json()["version"]) == (200, "Noon cup", 2)
    contest = session.scalars(select(Contest).where(Contest.code == made["code"])).one()
    assert contest.entry_fee_lamports == made["entry_fee_lamports"]
    kept = session.scalars(select(AuditEntry).where(AuditEntry.action == "contests:contest:change")).one()
    assert set(kept.after or {}) == {"name", "ends_at"}


def test_the_window_follows_the_length(program: Browser, made: dict[str, Any], session: Session) -> None:
    contest = session.scalars(select(Contest).where(Contest.code == made["code"])).one()
    longer = contest.starts_at.replace(year=contest.starts_at.year + 1).isoformat()
    assert change(program, made["code"], ends_at=longer).status_code == 200
    session.refresh(contest)
    assert contest.settlement["window_s"] > 60


def test_its_tokens_change(program: Browser, made: dict[str, Any], token: Token, session: Session) -> None:
    other = token_row(session, "BONK")
    session.commit()
    assert change(program, made["code"], tokens=[other.mint]).status_code == 200
    contest_id = session.scalars(select(Contest.id).where(Contest.code == made["code"])).one()
    listed = session.scalars(select(ContestToken.token_id).where(ContestToken.contest_id == contest_id)).all()
    assert listed == [other.id]


def test_what_stays_as_it_is_is_no_change(program: Browser, made: dict[str, Any], session: Session) -> None:
    same = {name: made[name] for name in ("name", "tokens", "initial_balance")}
    assert change(program, made["code"], **same).get_json()["version"] == 1
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "contests:contest:change")).all() == []


def test_an_old_version_is_refused(program: Browser, made: dict[str, Any]) -> None:
    change(program, made["code"], name="Noon cup")
    late = change(program, made["code"], name="Night cup")
    assert (late.status_code, "is at version 2 by now" in late.get_json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("version", None), ("code", "OTHER"), ("tokens", ["x"]), ("prize_split_bps", [9999]), ("colour", "red"),
     ("starts_at", "2026-01-01T00:00:00Z"), ("ends_at", "2026-01-01T00:00:00Z"), ("sponsored_lamports", 2**63)],
)  # fmt: skip
def test_what_is_wrong_is_named(program: Browser, made: dict[str, Any], name: str, value: object) -> None:
    answer = program.patch(f"{CONTESTS}/{made['code']}", json={"version": 1} | {name: value})
    assert (answer.status_code, name in answer.get_json()["detail"]) == (422, True)
    assert program.get(f"{CONTESTS}/{made['code']}").get_json()["version"] == 1


def test_who_entered_keeps_the_fee(program: Browser, made: dict[str, Any]) -> None:
    program.post(f"{CONTESTS}/{made['code']}/entries", json={"entries": [{"wallet": address(), "nickname": "ann"}]})
    refused = change(program, made["code"], entry_fee_lamports=1)
    assert (refused.status_code, "1 players entered" in refused.get_json()["detail"]) == (422, True)
    assert change(program, made["code"], sponsored_lamports=5).status_code == 200


def test_a_contest_that_runs_keeps_its_terms(program: Browser, session: Session) -> None:
    contest = contest_row(session, state="live")
    session.commit()
    answer = change(program, contest.code, version=contest.version, name="Other")
    assert (answer.status_code, "fixed since its start" in answer.get_json()["detail"]) == (409, True)


def test_endpoints_hear_of_it(program: Browser, made: dict[str, Any], session: Session) -> None:
    add_endpoint("hears", url="https://93.184.216.34/hook", events=["contest.changed"], by=SYSTEM)
    change(program, made["code"], name="Noon cup")
    told = session.scalars(select(WebhookEvent.event).where(WebhookEvent.subject == made["code"])).all()
    assert told == ["contest.changed"]
