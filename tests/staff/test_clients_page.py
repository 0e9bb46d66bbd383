"""API clients at the desk: made, given a new key beside the old one, revoked; for admins only."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.clock import database_now
from app.staff.models import ApiClient
from tests.clients import Browser, forget_recent
from tests.conftest import browser_of
from tests.pages import Soup
from tests.staff.proving import let_proof_age

HERE = "/settings/clients"
MADE = {"name": "token-sync", "scopes": ["market:prices:write", "market:prices:read"], "sources": "orca, raydium"}
KEY = "input[aria-label=Key]"


@pytest.fixture
def key(admin: Browser, soup: Soup) -> str:
    return str(soup(admin.submit(HERE, dict(MADE))).attr(KEY, "value"))


def works(app: Flask, key: str) -> bool:
    forget_recent(app)
    answer = browser_of(app).get("/api/v1/prices", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code in {200, 401}, answer.text
    return answer.status_code == 200


def new_key(admin: Browser, soup: Soup, **fields: Any) -> str:
    return str(soup(admin.submit(f"{HERE}/token-sync/rotate", {"overlap": "24"} | fields)).attr(KEY, "value"))


def test_a_key_is_shown_once_and_works(admin: Browser, isolated: Flask, session: Session, key: str) -> None:
    assert works(isolated, key)
    assert key not in admin.get(HERE).text
    row = session.execute(text("SELECT * FROM api_clients")).one()
    assert (row.sources, row.created_by, key[12:] in repr(row)) == (["orca", "raydium"], admin.account_id, False)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"name": "two words"}, "cannot be the name"), ({"scopes": []}, "at least one scope"), ({"days": "0"}, "From 1"),
     ({"scopes": ["root"]}, "not a valid choice"), ({"sources": "a b"}, "name of a source"), ({"name": ""}, "a name")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_the_form_kept(admin: Browser, soup: Soup, wrong: Any, words: str) -> None:
    answer = admin.submit(HERE, MADE | wrong)
    assert (answer.status_code, words in soup(answer).words("#clients")) == (422, True)
    assert soup(answer).attr("input[name=sources]", "value") == wrong.get("sources", MADE["sources"])


def test_a_name_is_given_once(admin: Browser, soup: Soup, key: str) -> None:
    answer = admin.submit(HERE, dict(MADE), htmx=True)
    assert (answer.status_code, "already" in soup(answer).words("[role=alert]")) == (409, True)


def test_two_keys_work_for_a_while(admin: Browser, isolated: Flask, session: Session, soup: Soup, key: str) -> None:
    newer = new_key(admin, soup)
    assert [works(isolated, one) for one in (key, newer)] == [True, True]
    assert "old key until" in soup(admin.get(HERE)).words("#client-lines")
    session.execute(update(ApiClient).values(previous_until=database_now() - timedelta(seconds=1)))
    assert [works(isolated, one) for one in (key, newer)] == [False, True]


def test_each_key_tells_when_it_was_used_last(
    admin: Browser, isolated: Flask, session: Session, soup: Soup, key: str
) -> None:
    new_key(admin, soup)
    assert works(isolated, key)
    row = session.execute(text("SELECT last_used_at, previous_used_at FROM api_clients")).one()
    assert (row.last_used_at, row.previous_used_at is None) == (None, False)


def test_without_an_overlap_the_old_one_ends_at_once(admin: Browser, isolated: Flask, soup: Soup, key: str) -> None:
    newer = new_key(admin, soup, overlap="0")
    assert [works(isolated, one) for one in (key, newer)] == [False, True]


def test_the_old_one_is_ended_earlier(admin: Browser, isolated: Flask, soup: Soup, key: str) -> None:
    newer = new_key(admin, soup)
    assert admin.submit(f"{HERE}/token-sync/end-previous-key").status_code == 303
    assert [works(isolated, one) for one in (key, newer)] == [False, True]
    assert admin.submit(f"{HERE}/token-sync/end-previous-key").status_code == 409


def test_a_third_key_is_refused_while_two_work(admin: Browser, isolated: Flask, soup: Soup, key: str) -> None:
    """Meant to fail without the refusal: the first one ended at once, a day before the page had said."""
    newer = new_key(admin, soup)
    refused = admin.submit(f"{HERE}/token-sync/rotate", {"overlap": "24"})
    assert (refused.status_code, "has two keys" in soup(refused).words("#clients [role=alert]")) == (409, True)
    assert [works(isolated, one) for one in (key, newer)] == [True, True]
    only = new_key(admin, soup, overlap="0")
    assert [works(isolated, one) for one in (key, newer, only)] == [False, False, True]


def test_an_expired_one_gets_a_new_key_with_a_new_end(
    admin: Browser, isolated: Flask, session: Session, soup: Soup, key: str
) -> None:
    session.execute(update(ApiClient).values(expires_at=database_now() - timedelta(days=1)))
    refused = soup(admin.submit(f"{HERE}/token-sync/rotate", {"overlap": "0"}))
    assert "Say how long" in refused.words("#clients [role=alert]")
    assert works(isolated, new_key(admin, soup, overlap="0", days="30"))


def test_revoked_it_is_refused_with_both_keys_and_for_good(
    admin: Browser, isolated: Flask, soup: Soup, key: str
) -> None:
    newer = new_key(admin, soup)
    assert admin.submit(f"{HERE}/token-sync/revoke", {"reason": ""}).status_code == 422
    assert admin.submit(f"{HERE}/token-sync/revoke", {"reason": "Replaced"}).status_code == 303
    assert [works(isolated, one) for one in (key, newer)] == [False, False]
    fields = {"reason": "x", "overlap": "0"}
    again = [admin.submit(f"{HERE}/token-sync/{verb}", fields) for verb in ("revoke", "rotate")]
    assert [answer.status_code for answer in again] == [409, 409]


def test_each_step_is_audited(admin: Browser, session: Session, soup: Soup, key: str) -> None:
    new_key(admin, soup)
    admin.submit(f"{HERE}/token-sync/end-previous-key")
    admin.submit(f"{HERE}/token-sync/revoke", {"reason": "Replaced"})
    kept = select(AuditEntry.action, AuditEntry.actor_id).where(AuditEntry.object_type == "client")
    steps = [(f"staff:client:{verb}", str(admin.account_id)) for verb in ("add", "rotate", "end_previous", "revoke")]
    assert [tuple(row) for row in session.execute(kept.order_by(AuditEntry.seq))] == steps


@pytest.mark.parametrize("verb", ["", "/token-sync/rotate", "/token-sync/end-previous-key", "/token-sync/revoke"])
def test_who_has_not_just_proved_it_is_asked_first(
    admin: Browser, isolated: Flask, session: Session, soup: Soup, key: str, verb: str
) -> None:
    """Meant to fail without `@proved`: a browser left alone made keys that last."""
    newer = new_key(admin, soup)
    let_proof_age(admin.account_id)
    answer = admin.submit(HERE + verb, MADE | {"name": "other", "overlap": "0", "reason": "Mine now"})
    assert (answer.status_code, answer.location) == (303, "/confirm?next=/settings/clients")
    assert [works(isolated, one) for one in (key, newer)] == [True, True]
    assert session.scalars(select(ApiClient.name)).all() == ["token-sync"]


def test_nobody_else_sees_or_makes_one(support: Browser, wall: Browser) -> None:
    for browser in (support, wall):
        assert [browser.get(HERE).status_code, browser.submit(HERE, dict(MADE)).status_code] == [403, 403]


def test_it_says_when_there_is_none(admin: Browser, soup: Soup) -> None:
    assert "Make the first key below" in soup(admin.get(HERE)).words("#client-lines")
