"""Events of Wallet Services: signed, fresh, taken once, and only a reason to ask."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.core.extensions import db, settings
from app.payouts.models import Attempt, Batch
from app.payouts.rules.signatures import signed_headers
from tests.clients import Browser
from tests.conftest import browser_of
from tests.payouts.wallets.hot import SOL, approved
from tests.payouts.wallets.services import SECRET

PATH = "/api/v1/wallet/events"


@pytest.fixture
def desk(isolated: Flask) -> Iterator[Browser]:
    before = isolated.config["SETTINGS"]
    isolated.config["SETTINGS"] = replace(before, wallet_secret=SECRET)
    yield browser_of(isolated)
    isolated.config["SETTINGS"] = before


def tell(desk: Browser, event: object, *, age_s: int = 0, secret: str = SECRET, path: str = PATH) -> TestResponse:
    body = json.dumps(event).encode()
    headers = signed_headers(secret, now=int(time.time()) - age_s, method="POST", path=path, body=body)
    return desk.post(PATH, data=body, headers=headers, content_type="application/json")


def open_attempt(app: Flask, reference: str) -> int:
    order = approved(app, [SOL])
    with app.app_context():
        batch = db.session.get_one(Batch, order.batch)
        batch.state = "paying"
        db.session.flush()
        db.session.add(
            Attempt(
                batch_id=batch.id, number=1, reference=reference, wire=b"x", list_hash=batch.list_hash,
                lamports=batch.lamports,
            )
        )  # fmt: skip
        db.session.commit()
        return batch.id


def test_an_event_makes_its_batch_due_and_decides_nothing(isolated: Flask, desk: Browser) -> None:
    batch_id = open_attempt(isolated, "batch-1-attempt-1")
    answer = tell(desk, {"reference": "batch-1-attempt-1", "status": "paid"})
    assert (answer.status_code, answer.json) == (202, {"asked_about": "batch-1-attempt-1"})
    with isolated.app_context():
        batch = db.session.get_one(Batch, batch_id)
        assert (batch.state, batch.next_try_at is not None) == ("paying", True)


def test_a_replay_is_refused(isolated: Flask, desk: Browser) -> None:
    open_attempt(isolated, "batch-2-attempt-1")
    assert [tell(desk, {"reference": "batch-2-attempt-1", "n": time.time()}).status_code] == [202]
    body = json.dumps({"reference": "batch-2-attempt-1"}).encode()
    headers = signed_headers(SECRET, now=int(time.time()) + 1, method="POST", path=PATH, body=body)
    sent = [desk.post(PATH, data=body, headers=headers, content_type="application/json") for _ in range(2)]
    assert [answer.status_code for answer in sent] == [202, 409]


@pytest.mark.parametrize(
    ("age_s", "secret", "path"),
    [(301, SECRET, PATH), (-301, SECRET, PATH), (0, "guessed", PATH), (0, SECRET, "/api/v1/other")],
)
def test_what_is_not_signed_now_by_them_is_refused(desk: Browser, age_s: int, secret: str, path: str) -> None:
    answer = tell(desk, {"reference": "x"}, age_s=age_s, secret=secret, path=path)
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")


def test_a_changed_body_is_refused(desk: Browser) -> None:
    headers = signed_headers(SECRET, now=int(time.time()), method="POST", path=PATH, body=b'{"reference": "a"}')
    answer = desk.post(PATH, data=b'{"reference": "b"}', headers=headers, content_type="application/json")
    assert answer.status_code == 401


def test_without_an_agreed_secret_nobody_gets_in(isolated: Flask) -> None:
    with isolated.app_context():
        assert settings().wallet_secret == ""
    assert tell(browser_of(isolated), {"reference": "x"}, secret="").status_code == 401


def test_an_unknown_reference_is_told_so(desk: Browser) -> None:
    assert tell(desk, {"reference": f"unknown {time.time_ns()}"}).status_code == 404
    assert tell(desk, ["nothing", time.time_ns()]).status_code == 422
