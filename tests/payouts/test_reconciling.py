"""Each difference between the books, the wallet and themselves is named, alerts, and stops every payout."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.alerts.queries import open_alerts
from app.audit.rules import Actor
from app.audit.service import verify as verify_audit
from app.core.clock import database_now
from app.payouts.jobs.paying import Payer
from app.payouts.models import Batch
from app.payouts.queries.freezes import is_frozen, open_freezes
from app.payouts.queries.ledger import balance_of
from app.payouts.service.freezing import ask_to_unfreeze, unfreeze
from app.payouts.service.reconciling import reconcile
from app.payouts.wallets.book import Book
from app.payouts.wallets.port import Expired, LandedErr, LandedOk, Movement, Order, Outcome, Prepared
from tests.payouts.people import SYSTEM_OF_TESTS, approved, colleague, final_contest, proposed, touched, void_contest

STRANGER = Movement("stranger", 7, 0, "", datetime.now(UTC))


class Early(Book):
    """Everything landed a minute ago."""

    def outcome(self, prepared: Prepared) -> Outcome:
        self.send(prepared)
        return LandedOk(0, database_now() - timedelta(minutes=1))


class Forgetful(Book):
    """Says of everything that it never lands."""

    def prepare(self, order: Order) -> Prepared:
        return replace(super().prepare(order), last_valid_height=10)

    def outcome(self, prepared: Prepared) -> Outcome:
        self.send(prepared)
        return Expired({"finalized_height": 11})


class Failing(Book):
    """Carries nothing out, and takes five lamports for it."""

    def outcome(self, prepared: Prepared) -> Outcome:
        text = f"The programme failed: {prepared.reference}"
        return LandedErr(text, "player", "Ask the player for another wallet.", 5)


@pytest.fixture
def team(session: Session) -> tuple[Actor, Actor]:
    return colleague("ann"), colleague("ben")


def batch(session: Session, team: tuple[Actor, Actor]) -> Batch:
    return approved(proposed(final_contest(session), team[0]).batches[0], team[1])


def looked_at(movements: Sequence[Movement] | None) -> list[str]:
    """The differences found, of which each has to have frozen payouts and raised the alert."""
    kinds = [one.kind for one in reconcile(movements, by=SYSTEM_OF_TESTS)]
    assert [one.kind for one in open_freezes()] == kinds
    assert [alert.subject for alert in open_alerts()] == ["Payouts are frozen"] * bool(kinds)
    return kinds


def test_books_that_are_true_freeze_nothing(session: Session, team: tuple[Actor, Actor]) -> None:
    batch(session, team)
    while Payer(Book).turn():
        assert looked_at(Book().movements(None)) == []


@pytest.mark.parametrize("more", [-1, 1])
def test_another_amount_than_approved(session: Session, team: tuple[Actor, Actor], more: int) -> None:
    batch(session, team)
    while Payer(Book).turn():
        assert not is_frozen()
    (moved,) = Book().movements(None)
    assert looked_at([replace(moved, lamports=moved.lamports + more)]) == ["wrong_amount"]


def test_a_failure_costs_what_the_network_took(session: Session, team: tuple[Actor, Actor]) -> None:
    batch(session, team)
    before = balance_of("hot_wallet")
    while Payer(Failing).turn():
        assert not is_frozen()
    assert (balance_of("hot_wallet"), balance_of("network_fee")) == (before - 5, 5)
    reference = session.execute(text("SELECT reference FROM payout_attempts")).scalar_one()
    took = Movement(reference, 5, 5, "", datetime.now(UTC))
    assert looked_at([took]) == []
    assert looked_at([replace(took, lamports=6, fee_lamports=6)]) == ["wrong_booking"]


def test_a_fee_that_is_not_what_was_booked(session: Session, team: tuple[Actor, Actor]) -> None:
    batch(session, team)
    while Payer(Book).turn():
        assert not is_frozen()
    (moved,) = Book().movements(None)
    assert looked_at([replace(moved, lamports=moved.lamports + 1, fee_lamports=1)]) == ["wrong_booking"]


def test_a_landing_that_the_wallet_does_not_list(session: Session, team: tuple[Actor, Actor]) -> None:
    batch(session, team)
    while Payer(Early).turn():
        assert not is_frozen()
    assert looked_at(None) == []
    assert looked_at([]) == ["missing_landing"]


def test_a_landing_that_is_younger_than_the_grace_is_no_difference(session: Session, team: tuple[Actor, Actor]) -> None:
    batch(session, team)
    while Payer(Book).turn():
        assert looked_at([]) == []


def test_a_landing_after_its_expiry_was_proven(session: Session, team: tuple[Actor, Actor]) -> None:
    one = batch(session, team)
    for _ in range(2):
        Payer(Forgetful).turn()
        session.execute(text("UPDATE payout_batches SET next_try_at = now()"))
        session.commit()
    reference = session.execute(text("SELECT reference FROM payout_attempts")).scalar_one()
    landed = Movement(reference, one.lamports, 0, "", datetime.now(UTC))
    assert looked_at([landed]) == ["landed_after_expiry"]


@pytest.mark.parametrize(
    ("statement", "table", "found"),
    [
        ("UPDATE ledger_accounts SET balance_lamports = balance_lamports + 1 WHERE name = 'hot_wallet'",
         "ledger_accounts", ["account", "trial_balance"]),
        ("UPDATE payouts SET lamports = lamports - 1 WHERE id = (SELECT min(id) FROM payouts)", "payouts", ["debt"]),
        ("DELETE FROM ledger_lines WHERE account = 'fee'", "ledger_lines", ["account"]),
    ],
)  # fmt: skip
def test_books_that_somebody_wrote_into(
    session: Session, team: tuple[Actor, Actor], statement: str, table: str, found: list[str]
) -> None:
    batch(session, team)
    touched(statement, table)
    assert looked_at([]) == found
    assert not Payer(Book).turn()


def test_an_audit_log_that_somebody_wrote_into(session: Session, team: tuple[Actor, Actor]) -> None:
    batch(session, team)
    touched("UPDATE audit_log SET reason = 'for a friend' WHERE seq = (SELECT max(seq) FROM audit_log)", "audit_log")
    assert verify_audit().fault is not None
    assert looked_at([]) == ["audit"]


def explain(team: tuple[Actor, Actor]) -> None:
    for one in open_freezes():
        ask_to_unfreeze(one.id, reason="It was our own test of the wallet", by=team[0])
        unfreeze(one.id, by=team[1])


def test_a_movement_is_explained_once_for_all(session: Session, team: tuple[Actor, Actor]) -> None:
    assert looked_at([STRANGER]) == ["unknown_debit"]
    explain(team)
    assert looked_at([STRANGER]) == []
    assert looked_at([replace(STRANGER, reference="another")]) == ["unknown_debit"]


def test_untrue_books_freeze_again_however_they_were_explained(session: Session, team: tuple[Actor, Actor]) -> None:
    void_contest(session)
    touched("UPDATE ledger_accounts SET balance_lamports = 1 WHERE name = 'fee'", "ledger_accounts")
    for _ in range(2):
        assert looked_at([]) == ["account", "trial_balance"]
        explain(team)
