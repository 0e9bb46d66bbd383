"""`flask payouts …` obeys the same two people."""

import pytest
from click.testing import Result
from flask import Flask

from app.core.extensions import db
from app.payouts.jobs.contests import follow_contests
from app.payouts.jobs.paying import pay_due
from app.staff.service import acting_as
from app.staff.service.accounts import new_account
from app.staff.service.passwords import hash_password
from tests.payouts.people import final_contest
from tests.staff.proving import next_code, with_factor

PASSWORD = "correct horse battery"


@pytest.fixture
def desk(committing: Flask) -> Flask:
    with committing.app_context():
        for name in ("ann", "ben"):
            account = new_account(name, display_name=name, role="admin", password_hash=hash_password(PASSWORD))
            db.session.add(account)
            db.session.flush()
            with_factor(account.id)
        final_contest(db.session())
        db.session.commit()
        follow_contests()
        db.session.remove()
    return committing


def proof(app: Flask, name: str, password: str = PASSWORD) -> str:
    """What a person types who is asked who they are."""
    with app.app_context():
        account_id = int(acting_as(name, permission="", roles=["admin"]).id)
        return f"{password}\n{next_code(account_id)}\n"


def run(app: Flask, line: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(args=["payouts", *line.split()], input=typed)


def test_ann_proposes_and_only_ben_can_approve(desk: Flask) -> None:
    assert "Proposed 3 payouts, 0.9" in run(desk, "propose --as ann").output
    assert "You proposed batch 1 yourself" in run(desk, "approve 1 --as ann", proof(desk, "ann")).output
    assert run(desk, "approve 1 --as ben", proof(desk, "ben", "a wrong one")).exit_code == 1
    assert "Batch 1 is approved." in run(desk, "approve 1 --as ben", proof(desk, "ben")).output


def test_what_is_paid_reconciles(desk: Flask) -> None:
    run(desk, "propose --as ann")
    run(desk, "approve 1 --as ben", proof(desk, "ben"))
    with desk.app_context():
        while pay_due():
            db.session.remove()
    assert "attempt 1 landed_ok" in run(desk, "show 1").output
    assert "The books are true." in run(desk, "reconcile").output
    assert "batch 1 paid: 3 payouts" in run(desk, "status").output


def test_a_password_alone_approves_nothing(desk: Flask) -> None:
    run(desk, "propose --as ann")
    wrong = f"{PASSWORD}\n000000\n"
    assert "The code is not right." in run(desk, "approve 1 --as ben", wrong).output
    assert "batch 1 planned" in run(desk, "status").output


def test_nobody_decides_without_a_name(desk: Flask) -> None:
    assert run(desk, "propose").exit_code == 2
    assert "no active account called eve" in run(desk, "propose --as eve").output
