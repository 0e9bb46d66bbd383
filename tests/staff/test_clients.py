"""API clients: keys that are shown once, last as long as they should, and are revoked for good."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.audit.rules import SYSTEM
from app.core.clock import database_now
from app.core.errors import Refusal
from app.staff import queries, service
from app.staff.models import ApiClient
from app.staff.rules import key_parts
from tests.clients import Browser, api_client, forget_recent

SCOPE = "market:prices:write"
PRICES = "/api/v1/prices"


def add(name: str = "token-sync") -> str:
    return service.add_client(name, scopes=[SCOPE], by=SYSTEM)


def change(session: Session, name: str, **values: object) -> None:
    session.execute(update(ApiClient).where(ApiClient.name == name).values(values))
    session.commit()


def told(program: Browser) -> tuple[int, str]:
    forget_recent(program.application)
    answer = program.post(PRICES, json={})
    return answer.status_code, answer.get_json()["detail"]


def test_only_the_hash_is_kept(session: Session) -> None:
    key = add()
    row = session.execute(text("SELECT * FROM api_clients")).one()
    prefix, secret = key_parts(key) or ("", "")
    assert (row.prefix, len(secret), len(row.key_hash)) == (prefix, 43, 32)
    assert secret not in repr(row)


def test_adding_and_revoking_are_audited(session: Session) -> None:
    add()
    service.revoke_client("Token-Sync", reason="Replaced by another", by=SYSTEM)
    rows = session.execute(text("SELECT action, reason, after->>'name' AS name FROM audit_log ORDER BY seq")).all()
    assert [tuple(row) for row in rows][-2:] == [
        ("staff:client:add", None, "token-sync"), ("staff:client:revoke", "Replaced by another", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "scopes", "words"),
    [
        ("no good", [SCOPE], "cannot be the name"),
        ("good", ["market:*:*"], "no scope"),
        ("good", [], "could do nothing"),
    ],
)
@pytest.mark.usefixtures("session")
def test_what_cannot_be_added(name: str, scopes: list[str], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        service.add_client(name, scopes=scopes, by=SYSTEM)


@pytest.mark.usefixtures("session")
def test_a_source_has_a_name_that_ticks_can_have() -> None:
    with pytest.raises(Refusal, match="name of a source"):
        service.add_client("token-sync", scopes=[SCOPE], sources=["orca", "two words"], by=SYSTEM)


@pytest.mark.usefixtures("session")
def test_a_name_is_given_once() -> None:
    add()
    with pytest.raises(Refusal, match="already"):
        add("TOKEN-sync")


@pytest.mark.usefixtures("session")
def test_who_is_revoked_or_unknown_cannot_be_revoked() -> None:
    add()
    service.revoke_client("token-sync", reason="Gone", by=SYSTEM)
    with pytest.raises(Refusal, match="revoked already"):
        service.revoke_client("token-sync", reason="Gone", by=SYSTEM)
    with pytest.raises(Refusal, match="no client called"):
        service.revoke_client("nobody", reason="Gone", by=SYSTEM)


def test_a_revoked_key(isolated: Flask, session: Session) -> None:
    program = api_client(isolated, SCOPE)
    assert told(program)[0] == 422
    service.revoke_client(program.name, reason="Gone", by=SYSTEM)
    status, words = told(program)
    assert (status, "was revoked on" in words) == (401, True)


def test_an_expired_key(isolated: Flask, session: Session) -> None:
    program = api_client(isolated, SCOPE)
    change(session, program.name, expires_at=database_now() - timedelta(seconds=1))
    status, words = told(program)
    assert (status, "expired on" in words) == (401, True)


def test_another_scope(isolated: Flask, session: Session) -> None:
    program = api_client(isolated, SCOPE)
    change(session, program.name, scopes=["something:else:read"])
    assert told(program) == (403, f"The key of {program.name} does not include {SCOPE}.")


def test_a_key_opens_no_page(isolated: Flask, session: Session) -> None:
    program = api_client(isolated, SCOPE)
    assert program.get("/account").status_code == 303


def test_its_last_use_is_known_to_the_minute(isolated: Flask, session: Session) -> None:
    program = api_client(isolated, SCOPE)
    told(program)
    first = session.scalar(select(ApiClient.last_used_at).where(ApiClient.name == program.name))
    told(program)
    assert first is not None
    assert session.scalar(select(ApiClient.last_used_at).where(ApiClient.name == program.name)) == first


def test_whose_keys_work_are_listed_first_by_name(session: Session) -> None:
    """Meant to fail by name alone: a thousand revoked ones would hide one that works."""
    for name in ("zeta", "Alpha", "mid", "Older"):
        add(name)
    service.revoke_client("Alpha", reason="Gone", by=SYSTEM)
    change(session, "mid", expires_at=database_now() - timedelta(seconds=1))
    assert [line.name for line in queries.clients()] == ["Older", "zeta", "Alpha", "mid"]


def test_an_old_key_never_outlives_its_own_end(isolated: Flask, session: Session) -> None:
    """Meant to fail by the overlap alone: with a new end the old key worked a day too long."""
    program = api_client(isolated, SCOPE)
    soon = database_now() + timedelta(minutes=5)
    change(session, program.name, expires_at=soon)
    later = database_now() + timedelta(days=90)
    service.rotate_client(program.name, overlap=timedelta(days=1), expires_at=later, by=SYSTEM)
    assert session.scalars(select(ApiClient.previous_until)).one() == soon
    assert told(program)[0] == 422


def test_an_expired_key_is_not_woken_by_an_overlap(isolated: Flask, session: Session) -> None:
    program = api_client(isolated, SCOPE)
    change(session, program.name, expires_at=database_now() - timedelta(days=1))
    later = database_now() + timedelta(days=90)
    service.rotate_client(program.name, overlap=timedelta(days=1), expires_at=later, by=SYSTEM)
    assert told(program)[0] == 401
