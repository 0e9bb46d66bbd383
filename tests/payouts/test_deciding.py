"""What two people decide: keys, holds, another wallet, cancelling, failing, retrying, freezing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.contests.models import Contest
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.payouts.jobs.paying import Payer
from app.payouts.queries.freezes import is_frozen, open_freezes
from app.payouts.queries.ledger import balance_of
from app.payouts.service.approving import approve, cancel
from app.payouts.service.freezing import ask_to_unfreeze, freeze, unfreeze
from app.payouts.service.holding import hold, readdress, release
from app.payouts.service.proposing import retry
from app.payouts.service.reconciling import reconcile
from app.payouts.wallets.book import Book
from app.payouts.wallets.port import LandedErr, Movement, Outcome, Prepared
from app.staff.models import Account
from tests.contests.rows import address
from tests.payouts.people import (
    SYSTEM_OF_TESTS,
    approved,
    batch_of,
    colleague,
    final_contest,
    payouts_of,
    planned,
    proposed,
)

AT_ONCE = 200


@pytest.fixture
def shared(committing: Flask) -> Iterator[tuple[Flask, int, str, object]]:
    with committing.app_context():
        ann, ben = colleague("ann"), colleague("ben")
        contest = final_contest(db.session())
        batch = batch_of(proposed(contest, ann).batches[0])
        yield committing, batch.id, batch.list_hash, ben
        db.session.remove()


def test_one_key_sent_many_times_at_once_has_one_effect(shared: tuple[Flask, int, str, object]) -> None:
    app, batch_id, digest, ben = shared
    proved_at = database_now()
    db.session.remove()

    def send(_number: int) -> object:
        with app.app_context():
            return approve(batch_id, shown_hash=digest, proved_at=proved_at, by=ben, key="one")  # type: ignore[arg-type]  # the fixture's Ben is an Actor

    with ThreadPoolExecutor(10) as crowd:
        answers = set(crowd.map(send, range(AT_ONCE)))
    approvals = select(func.count()).where(AuditEntry.action == "payouts:batch:approve")
    assert (len(answers), db.session.execute(approvals).scalar_one()) == (1, 1)
    with pytest.raises(Refusal, match="another request"):
        approve(batch_id, shown_hash="0" * 64, proved_at=proved_at, by=ben, key="one")  # type: ignore[arg-type]  # the fixture's Ben is an Actor


@pytest.fixture
def contest(session: Session) -> Contest:
    return final_contest(session)


def test_an_old_proof_of_who_you_are_does_not_do(contest: Contest) -> None:
    ann, ben = colleague("ann"), colleague("ben")
    batch_id = proposed(contest, ann).batches[0]
    with pytest.raises(Refusal, match="more than five minutes"):
        approved(batch_id, ben, database_now() - timedelta(minutes=6))


def test_who_was_demoted_since_approves_nothing(contest: Contest) -> None:
    ann, ben = colleague("ann"), colleague("ben")
    batch_id = proposed(contest, ann).batches[0]
    db.session.get_one(Account, int(ben.id)).role = "support"
    with pytest.raises(Refusal, match="cannot decide about money"):
        approved(batch_id, ben)


def test_a_held_payout_leaves_the_list_and_voids_what_was_seen(contest: Contest) -> None:
    ann, ben = colleague("ann"), colleague("ben")
    batch = batch_of(proposed(contest, ann).batches[0])
    seen, payout = batch.list_hash, payouts_of(contest)[0]
    hold(payout.id, version=payout.version, reason="The wallet is disputed", by=ann)
    assert (payout.state, balance_of("held")) == ("held", -621_000_000)
    with pytest.raises(Refusal, match="not the one you saw"):
        approve(batch.id, shown_hash=seen, proved_at=database_now(), by=ben)
    release(payout.id, version=payout.version, reason="It was proven", by=ann)
    assert (payout.state, balance_of("held"), balance_of("prize_payable")) == ("planned", 0, -900_000_000)


def test_another_wallet_takes_over_the_entitlement(contest: Contest) -> None:
    ann, payout, wallet = colleague("ann"), planned(contest)[0], address()
    successor = readdress(payout.id, version=payout.version, wallet=wallet, reason="The player lost the key", by=ann)
    found = {one.id: (one.state, one.wallet, one.entitlement) for one in payouts_of(contest)}
    assert found[payout.id] == ("cancelled", payout.wallet, payout.entitlement)
    assert found[successor] == ("planned", wallet, payout.entitlement)


def test_a_cancelled_batch_leaves_its_payouts_to_be_proposed(contest: Contest) -> None:
    ann, ben = colleague("ann"), colleague("ben")
    batch = approved(proposed(contest, ann).batches[0], ben)
    cancel(batch.id, version=batch.version, reason="Wrong day", by=ann)
    assert {payout.state for payout in payouts_of(contest)} == {"planned"}
    assert batch_of(batch.id).state == "cancelled"


class Refusing(Book):
    """Says of one wallet that it cannot be paid."""

    def __init__(self, wallet: str) -> None:
        self.wallet = wallet

    def outcome(self, prepared: Prepared) -> Outcome:
        if self.wallet.encode() not in prepared.wire:
            return super().outcome(prepared)
        return LandedErr("The wallet is closed.", "player", "Ask the player for another.", address=self.wallet)


def test_one_bad_line_is_held_and_the_rest_is_retried(contest: Contest) -> None:
    ann, ben = colleague("ann"), colleague("ben")
    bad, *rest = planned(contest)
    failed = approved(proposed(contest, ann).batches[0], ben)
    payer = Payer(lambda: Refusing(bad.wallet))
    while payer.turn():
        assert balance_of("hot_wallet") == 1_000_000_000
    assert batch_of(failed.id).state == "failed"
    again = retry(failed.id, version=batch_of(failed.id).version, size=19, by=ann)
    approved(again.batches[0], ben)
    while payer.turn():
        assert is_frozen() is False
    assert [(one.state, one.whose_fault) for one in payouts_of(contest)] == [("held", "player"), *[("paid", None)] * 2]
    assert balance_of("hot_wallet") == 1_000_000_000 - sum(one.lamports for one in rest)


def test_money_that_nobody_knows_of_freezes_until_two_people_agree(contest: Contest) -> None:
    ann, ben = colleague("ann"), colleague("ben")
    batch = approved(proposed(contest, ann).batches[0], ben)
    foreign = Movement("stranger", 7, 0, "", datetime.now(UTC))
    assert [one.kind for one in reconcile([foreign], by=SYSTEM_OF_TESTS)] == ["unknown_debit"]
    assert not Payer(Book).turn()
    found = open_freezes()[0]
    ask_to_unfreeze(found.id, reason="It was our own test of the wallet", by=ann)
    with pytest.raises(Refusal, match="yourself"):
        unfreeze(found.id, by=ann)
    unfreeze(found.id, by=ben)
    assert (is_frozen(), Payer(Book).turn(), batch_of(batch.id).state) == (False, True, "paying")


def test_one_difference_freezes_once(session: Session) -> None:
    for _ in range(2):
        freeze("unknown_debit", "stranger", "7 lamports left.", by=SYSTEM_OF_TESTS)
    assert len(open_freezes()) == 1
