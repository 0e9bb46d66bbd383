"""What may leave in an hour and in a day: to the lamport, by the database's clock, and for two workers together."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.extensions import db, settings
from app.payouts.jobs.paying import Payer
from app.payouts.models import Batch
from app.payouts.wallets.book import Book
from app.payouts.wallets.port import Order, Prepared
from tests.payouts.people import approved, batch_of, colleague, proposed, touched, void_contest

DUE = "UPDATE payout_batches SET next_try_at = now() WHERE state IN ('approved', 'paying')"
AGED = "UPDATE payout_attempts SET signed_at = clock_timestamp() - make_interval(secs => {})"


def owed(session: Session, *amounts: int) -> list[Batch]:
    """A batch for every amount, approved, in this order."""
    ann, ben = colleague("ann"), colleague("ben")
    contests = [void_contest(session, 1, entry_fee_lamports=amount) for amount in amounts]
    batches = [approved(proposed(contest, ann).batches[0], ben) for contest in contests]
    assert sum(batch.lamports for batch in batches) == sum(amounts)
    return batches


def work(batches: list[Batch]) -> list[str]:
    db.session.execute(text(DUE))
    db.session.commit()
    while Payer(Book).turn():
        assert len(batches) > 0
    return [batch_of(batch.id).state for batch in batches]


def age(seconds: int) -> None:
    """All signatures, as if they were that old."""
    touched(AGED.format(seconds), "payout_attempts")


def test_the_hour_is_full_to_the_lamport(session: Session) -> None:
    cap = settings().payout_hourly_cap_lamports
    assert work(owed(session, cap - 1, 2)) == ["paid", "approved"]


def test_what_just_fits_leaves(session: Session) -> None:
    cap = settings().payout_hourly_cap_lamports
    batches = owed(session, cap - 2, 2, 1)
    assert work(batches) == ["paid", "paid", "approved"]
    assert "an hour" in (batch_of(batches[2].id).last_problem or "")


@pytest.mark.parametrize(("seconds", "state"), [(3500, "approved"), (3601, "paid")])
def test_there_is_room_again_after_an_hour(session: Session, seconds: int, state: str) -> None:
    batches = owed(session, settings().payout_hourly_cap_lamports, 1)
    assert work(batches) == ["paid", "approved"]
    age(seconds)
    assert work(batches) == ["paid", state]


@pytest.mark.parametrize(("seconds", "state"), [(86_300, "approved"), (86_401, "paid")])
def test_the_day_counts_too(session: Session, seconds: int, state: str) -> None:
    hour, day = settings().payout_hourly_cap_lamports, settings().payout_daily_cap_lamports
    batches = owed(session, *[hour] * (day // hour), 1)
    for number in range(len(batches) - 1):
        assert work(batches)[number] == "paid"
        age(3601)
    assert work(batches)[-1] == "approved"
    assert "a day" in (batch_of(batches[-1].id).last_problem or "")
    age(seconds)
    assert work(batches)[-1] == state


class Together(Book):
    """Both workers have asked whether there is room before either stores its signature."""

    def __init__(self) -> None:
        self.both = Barrier(2, timeout=60)

    def prepare(self, order: Order) -> Prepared:
        self.both.wait()
        return super().prepare(order)


@pytest.fixture
def ready(committing: Flask) -> Iterator[Flask]:
    with committing.app_context():
        yield committing
        db.session.remove()


def test_two_workers_do_not_both_find_the_last_room(ready: Flask) -> None:
    cap = settings().payout_hourly_cap_lamports
    batches = owed(db.session(), cap // 2 + 1, cap // 2)
    wallet = Together()

    def turn(_worker: int) -> bool:
        with ready.app_context():
            return Payer(lambda: wallet).turn()

    with ThreadPoolExecutor(2) as two:
        assert list(two.map(turn, range(2))) == [True, True]
    assert sorted(batch_of(batch.id).state for batch in batches) == ["approved", "paying"]
    signed = db.session.execute(text("SELECT count(*) FROM payout_attempts")).scalar_one()
    assert signed == 1
