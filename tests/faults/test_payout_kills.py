"""kill -9 of workers while they pay: every payout leaves once, and the books stay true."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app.core.extensions import db
from app.payouts.models import Journal, Payout
from app.payouts.queries.ledger import balance_of, trial_balance
from app.payouts.service.reconciling import reconcile
from app.payouts.wallets.book import Book
from tests.faults.workers import environment, nursery
from tests.payouts.crashing import SEEDS, careful_lives
from tests.payouts.people import SYSTEM_OF_TESTS, approved, colleague, payouts_of, proposed, void_contest

LONG = os.environ.get("LONG") == "1"
KILLS, TEAM, PATIENCE_S = int(os.environ.get("KILLS", "10" if LONG else "1")), 2, 900
OF_THE_DEAD = text("UPDATE payout_batches SET next_try_at = now() WHERE state IN ('approved', 'paying')")
pytestmark = pytest.mark.faults


@pytest.fixture
def owing(committing: Flask) -> Iterator[Flask]:
    with committing.app_context():
        yield committing
        db.session.remove()


def paid() -> int:
    found = db.session.execute(select(func.count()).where(Payout.state == "paid")).scalar_one()
    db.session.rollback()
    return found


def test_killed_workers_pay_everybody_once(owing: Flask, tmp_path: Path) -> None:
    ann, ben, rng = colleague("ann"), colleague("ben"), Random()
    contest = void_contest(db.session(), 30 * KILLS, entry_fee_lamports=1_000_000)
    for batch_id in proposed(contest, ann, size=1).batches:
        approved(batch_id, ben)
    until, done, slowness = time.monotonic() + PATIENCE_S * KILLS, 0, 1.0
    with nursery(environment(owing.config["SETTINGS"], tmp_path), tmp_path / "workers.log") as team:
        while done < 30 * KILLS:
            assert time.monotonic() < until
            db.session.execute(OF_THE_DEAD)
            db.session.commit()
            for _ in range(TEAM):
                team.hire()
            time.sleep(rng.uniform(0.2, 1.5) * slowness)
            team.kill_all()
            before, done = done, paid()
            slowness = 1.0 if done > before else slowness * 1.5  # a machine may be too slow to pay anybody in a life
    payments = select(func.count()).where(Journal.kind == "payment")
    assert db.session.execute(payments).scalar_one() == len(payouts_of(contest)) == 30 * KILLS
    assert (balance_of("refund_payable"), balance_of("hot_wallet"), trial_balance().is_balanced) == (0, 0, True)
    assert reconcile(Book().movements(None), by=SYSTEM_OF_TESTS) == []


@pytest.mark.usefixtures("owing")
def test_more_lives_with_crashes_at_every_step() -> None:
    first = Random().randrange(10**6)
    assert careful_lives(range(first, first + SEEDS)) == {}, f"seeds from {first}"
