"""From a decided contest to money that arrived, by the book wallet."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.core.extensions import db
from app.payouts.jobs.contests import follow_contests
from app.payouts.jobs.paying import Payer
from app.payouts.jobs.reconciling import movements_of
from app.payouts.queries.freezes import is_frozen
from app.payouts.queries.ledger import balance_of, trial_balance
from app.payouts.service.reconciling import reconcile
from app.payouts.wallets.book import Book
from app.payouts.wallets.port import Movement, Order, Outcome, Prepared
from tests.contests.evaluating import contest_of, states_of
from tests.payouts.people import (
    SYSTEM_OF_TESTS,
    approved,
    batch_of,
    colleague,
    final_contest,
    payouts_of,
    proposed,
    void_contest,
)


def pay_everything() -> None:
    while Payer(Book).turn():
        assert trial_balance().is_balanced


def test_a_final_contest_is_divided_once(session: Session) -> None:
    contest = final_contest(session, disqualified=1)
    assert follow_contests()
    assert [(one.kind, one.lamports) for one in payouts_of(contest)] == [
        ("prize", 621_000_000), ("prize", 180_000_000), ("prize", 99_000_000), ("refund", 100_000_000),
    ]  # fmt: skip
    assert (balance_of("hot_wallet"), balance_of("prize_payable"), balance_of("refund_payable")) == (
        1_100_000_000, -900_000_000, -100_000_000,
    )  # fmt: skip
    assert (balance_of("fee"), balance_of(f"pool:{contest.id}")) == (-100_000_000, 0)
    assert not follow_contests()


def test_every_prize_arrives_and_the_contest_is_paid(session: Session) -> None:
    contest, ann, ben = final_contest(session), colleague("ann"), colleague("ben")
    done = proposed(contest, ann, size=2)
    for batch_id in done.batches:
        approved(batch_id, ben)
    follow_contests()
    pay_everything()
    follow_contests()
    assert len(done.batches) == 2
    assert {payout.state for payout in payouts_of(contest)} == {"paid"}
    assert (balance_of("prize_payable"), balance_of("hot_wallet")) == (0, 100_000_000)
    assert states_of(contest.code)[-3:] == ["final", "paying", "paid"]
    assert reconcile(Book().movements(None), by=SYSTEM_OF_TESTS) == []


def test_a_void_contest_gives_every_fee_back(session: Session) -> None:
    contest, ann, ben = void_contest(session), colleague("ann"), colleague("ben")
    approved(proposed(contest, ann).batches[0], ben)
    pay_everything()
    follow_contests()
    assert [(one.kind, one.lamports, one.state) for one in payouts_of(contest)] == [("refund", 100_000_000, "paid")] * 3
    assert contest_of(contest.code).state == "refunded"
    assert (balance_of("hot_wallet"), balance_of("refund_payable")) == (0, 0)


def test_a_contest_that_owes_nothing_is_done_at_once(session: Session) -> None:
    contest = void_contest(session, entry_fee_lamports=0)
    follow_contests()
    follow_contests()
    assert contest_of(contest.code).state == "refunded"


def test_what_passes_the_cap_waits_and_says_so(session: Session) -> None:
    contest, ann, ben = void_contest(session, entry_fee_lamports=60_000_000_000), colleague("ann"), colleague("ben")
    batch = approved(proposed(contest, ann, size=1).batches[0], ben)
    assert Payer(Book).turn()
    assert batch_of(batch.id).state == "approved"
    assert "would pass the cap of 50" in (batch_of(batch.id).last_problem or "")


class Slow(Book):
    """Takes its time: nothing of ours may be held up by that."""

    def prepare(self, order: Order) -> Prepared:
        assert not db.session().in_transaction()
        return super().prepare(order)

    def send(self, prepared: Prepared) -> None:
        assert not db.session().in_transaction()
        self.was_asked = True
        super().send(prepared)

    def outcome(self, prepared: Prepared) -> Outcome:
        assert not db.session().in_transaction()
        return super().outcome(prepared)

    def movements(self, since: str | None) -> Sequence[Movement]:
        assert not db.session().in_transaction()
        return super().movements(since)


def test_no_transaction_waits_for_the_wallet(session: Session) -> None:
    ann, ben, slow = colleague("ann"), colleague("ben"), Slow()
    contest = final_contest(session)
    batch = approved(proposed(contest, ann).batches[0], ben)
    payer = Payer(lambda: slow)
    while payer.turn():
        assert slow.was_asked
    assert batch_of(batch.id).state == "paid"
    assert [one.lamports for one in movements_of(lambda: slow) or ()] == [batch.lamports]


def test_the_proposer_cannot_approve(session: Session) -> None:
    contest, ann = final_contest(session), colleague("ann")
    batch_id = proposed(contest, ann).batches[0]
    with pytest.raises(Refusal, match="proposed batch"):
        approved(batch_id, ann)
    assert batch_of(batch_id).state == "planned"


def test_unbalanced_prizes_plan_nothing_and_freeze(session: Session) -> None:
    contest = final_contest(session)
    session.execute(text("ALTER TABLE results DISABLE TRIGGER published_changed"))
    session.execute(text("UPDATE results SET prize_lamports = prize_lamports + 1 WHERE rank = 1"))
    session.commit()
    assert not follow_contests()
    assert (payouts_of(contest), is_frozen()) == ([], True)
