"""Programs read payouts, and decide nothing about them."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.core.extensions import db
from tests.clients import api_client
from tests.payouts.desk import final, to_approve
from tests.payouts.people import batch_of, planned

BATCHES = "/api/v1/payouts/batches"


def test_batches_are_read_with_their_payouts(session: Session, isolated: Flask) -> None:
    batch, reader = to_approve(), api_client(isolated, "payouts:batch:read")
    listed = reader.get(f"{BATCHES}?state=planned").json
    whole = reader.get(f"{BATCHES}/{batch.id}").json
    assert [one["id"] for one in listed["batches"]] == [batch.id]  # type: ignore[index]  # a document was sent
    assert (whole["lamports"], whole["list_sha256"]) == (900_000_000, batch.list_hash)  # type: ignore[index]  # same
    assert [one["state"] for one in whole["payouts"]] == ["in_batch"] * 3  # type: ignore[index]  # same


def test_one_payout_is_read_by_its_number(session: Session, isolated: Flask) -> None:
    reader, payout = api_client(isolated, "payouts:batch:read"), planned(final())[0]
    found = reader.get(f"/api/v1/payouts/{payout.id}").json
    assert found is not None
    assert (found["wallet"], found["lamports"]) == (payout.wallet, payout.lamports)


def test_what_is_not_there_is_said(session: Session, isolated: Flask) -> None:
    reader = api_client(isolated, "payouts:batch:read")
    assert [reader.get(path).status_code for path in (f"{BATCHES}/9", "/api/v1/payouts/9")] == [404, 404]
    assert reader.get(f"{BATCHES}?state=lost").status_code == 422


def test_without_the_scope_nothing_is_read(session: Session, isolated: Flask) -> None:
    assert api_client(isolated, "metrics:read").get(BATCHES).status_code == 403


def test_no_program_approves_and_the_attempt_is_kept(session: Session, isolated: Flask) -> None:
    batch, robot = to_approve(), api_client(isolated, "payouts:batch:read")
    answer = robot.post(f"{BATCHES}/{batch.id}/approve", json={"list_sha256": batch.list_hash})
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert "a program is no person" in answer.json["detail"]  # type: ignore[index]  # a problem was sent
    kept = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "payouts:batch:refuse")).one()
    assert (kept.actor_kind, kept.actor_name, kept.object_id) == ("api", robot.name, str(batch.id))
    assert batch_of(batch.id).state == "planned"
