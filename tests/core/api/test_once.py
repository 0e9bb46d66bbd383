"""Calls with an idempotency key: one effect, the same answer, kept with it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.contests.models import ContestTemplate
from app.core import once
from app.core.extensions import db
from app.core.once import ApiAnswer
from tests.clients import Browser, api_client
from tests.contests.api.calls import CONTESTS
from tests.contests.rows import contest_row, token_row
from tests.payouts.desk import to_approve

TEMPLATES = f"{CONTESTS}/templates"
WRITE = "contests:contest:write"


def template(mint: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Lunch sprint", "code": f"LUNCH-{uuid4().hex[:6]}", "length_s": 5400, "entry_fee_lamports": 1,
        "sponsored_lamports": 0, "platform_fee_bps": 1000, "prize_split_bps": [10_000], "min_participants": 2,
        "initial_balance": "10000", "tie_policy": "review", "challenge_s": 0, "tokens": [mint],
    } | changes  # fmt: skip


@pytest.fixture
def told(session: Session) -> dict[str, Any]:
    mint = token_row(session, "WIF").mint
    session.commit()
    return template(mint)


@pytest.fixture
def program(isolated: Flask) -> Browser:
    return api_client(isolated, WRITE)


def keyed(key: str) -> dict[str, str]:
    return {once.HEADER: key}


def made(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(ContestTemplate)).one()


def test_sent_again_it_is_answered_again_and_done_once(program: Browser, told: Any, session: Session) -> None:
    first, second = [program.post(TEMPLATES, json=told, headers=keyed("k-1")) for _ in range(2)]
    assert (first.status_code, second.status_code, first.data) == (201, 201, second.data)
    assert (first.headers.get(once.REPLAYED), second.headers[once.REPLAYED]) == (None, "true")
    assert made(session) == 1


def test_neither_spacing_nor_order_makes_it_another(program: Browser, told: Any, session: Session) -> None:
    program.post(TEMPLATES, json=told, headers=keyed("k-1"))
    turned = dict(reversed(told.items()))
    assert program.post(TEMPLATES, json=turned, headers=keyed("k-1")).status_code == 201
    assert made(session) == 1


@pytest.mark.parametrize("change", [{"name": "Dinner"}, {"length_s": 5401}])
def test_another_body_under_the_key_is_refused(program: Browser, told: Any, session: Session, change: Any) -> None:
    program.post(TEMPLATES, json=told, headers=keyed("k-1"))
    answer = program.post(TEMPLATES, json=told | change, headers=keyed("k-1"))
    assert (answer.status_code, made(session)) == (422, 1)
    assert answer.get_json()["errors"][0]["parameter"] == once.HEADER


def test_another_address_under_the_key_is_refused(program: Browser, session: Session) -> None:
    """Meant to fail by looking at the body alone: the second contest was told to be cancelled, and was not."""
    codes = [contest_row(session, state="scheduled").code for _ in range(2)]
    session.commit()
    told = {"json": {"reason": "The sponsor withdrew."}, "headers": keyed("k-1")}
    assert [program.post(f"{CONTESTS}/{code}/cancel", **told).status_code for code in codes] == [200, 422]


def test_keys_are_each_client_s_own(isolated: Flask, program: Browser, told: Any) -> None:
    program.post(TEMPLATES, json=told, headers=keyed("k-1"))
    other = api_client(isolated, WRITE)
    assert other.post(TEMPLATES, json=told | {"code": "OTHER"}, headers=keyed("k-1")).status_code == 201


def test_a_refusal_that_changed_nothing_leaves_the_key_free(program: Browser, told: Any, session: Session) -> None:
    program.post(TEMPLATES, json=told)
    assert program.post(TEMPLATES, json=told, headers=keyed("k-1")).status_code == 422
    assert program.post(TEMPLATES, json=told | {"code": "FREE"}, headers=keyed("k-1")).status_code == 201
    assert made(session) == 2


def test_a_refusal_that_left_a_trace_is_kept_with_it(isolated: Flask, session: Session) -> None:
    batch, robot = to_approve(), api_client(isolated, "payouts:batch:read")
    address = f"/api/v1/payouts/batches/{batch.id}/approve"
    answers = [robot.post(address, headers=keyed("k-1")) for _ in range(3)]
    assert {(answer.status_code, answer.data) for answer in answers} == {(403, answers[0].data)}
    kept = select(func.count()).where(AuditEntry.action == "payouts:batch:refuse")
    assert session.scalars(kept).one() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "straße"])
def test_what_is_no_key_is_refused(program: Browser, told: Any, session: Session, key: str) -> None:
    answer = program.post(TEMPLATES, json=told, headers={once.HEADER: key.encode().decode("latin-1")})
    assert (answer.status_code, made(session)) == (422, 0)


def test_what_breaks_half_way_leaves_nothing(
    program: Browser, told: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer cannot be kept, so its effect is not kept either."""
    session.execute(text("ALTER TABLE api_answers ADD CONSTRAINT broken CHECK (status <> 201)"))
    program.application.config["PROPAGATE_EXCEPTIONS"] = False
    answer = program.post(TEMPLATES, json=told, headers=keyed("k-1"))
    program.application.config["PROPAGATE_EXCEPTIONS"] = None
    assert (answer.status_code, made(session)) == (500, 0)


def test_200_at_once_are_one(committing: Flask) -> None:
    """Real threads on real connections; whoever does not get its turn in time is told to come again."""
    with committing.app_context():
        mint = token_row(db.session(), "WIF").mint
        db.session.commit()
    key = api_client(committing, WRITE).environ_base["HTTP_AUTHORIZATION"]
    body, headers = template(mint), {"Authorization": key, once.HEADER: str(uuid4())}

    def send(_number: int) -> tuple[int, bytes]:
        for _ in range(20):
            answer = committing.test_client().post(TEMPLATES, json=body, headers=headers)
            if answer.status_code not in {409, 503}:
                break
        return answer.status_code, answer.data

    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(send, range(200)))
    with committing.app_context():
        assert (len(answers), answers.pop()[0], made(db.session())) == (1, 201, 1)
        assert db.session.scalars(select(func.count()).select_from(ApiAnswer)).one() == 1


def test_while_it_is_being_answered_others_are_told_so(
    committing: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "PATIENCE_S", 0)
    program = api_client(committing, WRITE)
    with committing.app_context():
        number = db.session.execute(text("SELECT id FROM api_clients")).scalar_one()
        db.session.execute(once.TURN, {"name": f"api answer {number} k-1"})
        answer = program.post(TEMPLATES, json=template("x" * 32), headers=keyed("k-1"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (409, "1")
