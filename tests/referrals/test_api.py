"""The JSON API: a code, a signup with signed clicks, first deposits, and what became of the player."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.extensions import db, valkey
from app.core.keys import signed
from app.referrals.intake.receiver import NAME
from app.referrals.models import Code, Device, Person, Referral
from app.referrals.rules.tokens import CLICK
from tests.clients import Browser, api_client
from tests.contests.rows import address
from tests.referrals.linking import follow
from tests.referrals.playing import work

API = "/api/v1/referrals"
CODE = {"code": "bob-7", "wallet": address(), "nickname": "bob", "campaign": "spring"}


@pytest.fixture
def program(isolated: Flask, session: Session) -> Browser:
    valkey().flushdb()
    isolated.extensions.pop(NAME, None)
    return api_client(isolated, "referrals:signup:write", "referrals:referral:read")


def test_from_a_code_to_a_referral(program: Browser, client: Browser, session: Session) -> None:
    assert program.post(f"{API}/codes", json=CODE).status_code == 201
    token = follow(client, "BOB-7").headers["Location"].partition("?click=")[2]
    told = {"wallet": address(), "nickname": "eve", "clicks": ["forged", token], "identities": ["eve@example.org"],
            "seen": {"address": "192.0.2.44", "agent": "Firefox"}}  # fmt: skip
    first, second = program.post(f"{API}/signups", json=told), program.post(f"{API}/signups", json=told)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json() == program.get(f"{API}/people/{told['wallet']}").get_json()
    document = first.get_json()
    assert (document["attribution"], document["referral"]["referrer"]) == ("referred", CODE["wallet"])
    assert document["in_words"] == "They came by a referrer's link."
    kept = repr([vars(row) for row in [*session.scalars(select(Person)), *session.scalars(select(Device))]])
    assert "192.0.2" not in kept
    assert "example.org" not in kept


def test_the_same_code_again_is_the_same_and_of_another_refused(program: Browser) -> None:
    assert [program.post(f"{API}/codes", json=CODE).status_code for _ in range(2)] == [201, 200]
    assert program.post(f"{API}/codes", json=CODE | {"wallet": address()}).status_code == 409


def test_a_retired_code_stays_retired(program: Browser, session: Session) -> None:
    program.post(f"{API}/codes", json=CODE)
    assert [program.post(f"{API}/codes/bob-7/retire").status_code for _ in range(2)] == [200, 409]
    assert session.scalars(select(Code.retired_at)).one() is not None
    assert program.post(f"{API}/codes/none/retire").status_code == 404


def test_a_click_that_we_did_not_sign_leads_to_nobody(program: Browser) -> None:
    told = {"wallet": address(), "nickname": "eve", "clicks": [signed("something else", bytes(16))]}
    assert program.post(f"{API}/signups", json=told).get_json()["attribution"] == "unknown_click"
    assert signed(CLICK, bytes(16)) != told["clicks"]


def test_first_deposits_are_taken_once(program: Browser, session: Session) -> None:
    wallet, funder = address(), address()
    program.post(f"{API}/signups", json={"wallet": wallet, "nickname": "eve"})
    told = {"conversions": [{"wallet": wallet, "funded_by": funder}, {"wallet": address(), "funded_by": funder}]}
    assert program.post(f"{API}/conversions", json=told).get_json() == {"accepted": 1, "known": 1}
    assert program.post(f"{API}/conversions", json=told).get_json() == {"accepted": 0, "known": 2}
    assert session.scalars(select(Person.funded_by)).one() == funder


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"wallet": "short", "nickname": "eve"}, "wallet: "),
        ({"wallet": address()}, "nickname: is missing."),
        ({"wallet": address(), "nickname": "eve", "role": "admin"}, "role: is not known here."),
        ({"wallet": address(), "nickname": "a\x00b"}, "nickname: "),
        ({"wallet": address(), "nickname": "eve", "seen": {"address": "x"}}, "seen: "),
    ],
)
def test_what_cannot_be_used_is_named(program: Browser, body: dict[str, object], detail: str) -> None:
    answer = program.post(f"{API}/signups", json=body)
    assert answer.status_code == 422
    assert answer.get_json()["detail"].startswith(detail)


def test_scopes_are_asked_for_and_nobody_unknown_is_told_about(isolated: Flask, program: Browser) -> None:
    reader = api_client(isolated, "referrals:referral:read")
    assert reader.post(f"{API}/codes", json=CODE).status_code == 403
    assert reader.get(f"{API}/people/{address()}").status_code == 404
    assert isolated.test_client().post(f"{API}/codes", json=CODE).status_code == 401


def test_a_told_referral_is_looked_at_by_the_worker(program: Browser, client: Browser, session: Session) -> None:
    program.post(f"{API}/codes", json=CODE)
    token = follow(client, "BOB-7").headers["Location"].partition("?click=")[2]
    program.post(f"{API}/signups", json={"wallet": address(), "nickname": "eve", "clicks": [token]})
    work()
    row = session.scalars(select(Referral)).one()
    assert (row.state, row.risk, row.looked_at is not None) == ("pending", 2, True)
    db.session.rollback()
