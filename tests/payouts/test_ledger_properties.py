"""Any order of money's events: the ledger sums to nothing, and no account falls below its floor."""

import os
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core.extensions import db
from app.payouts.queries.ledger import trial_balance
from app.payouts.rules.accounts import MAY_BE_ANYTHING, SIDES, Lines, entry_fees, moved, payment, pool, settlement
from app.payouts.service.ledger import book, open_pool
from tests.contests.evaluating import undone
from tests.contests.rows import contest_row
from tests.payouts.people import SYSTEM_OF_TESTS

EXAMPLES, STEPS = (500, 50) if os.environ.get("LONG") == "1" else (10, 20)
AMOUNTS = st.integers(0, 10**12)
OWED = ("prize_payable", "refund_payable", "referral_payable", "held")


class Money(RuleBasedStateMachine):
    """Every event is tried; the model says beforehand whether the database has to refuse it."""

    def __init__(self) -> None:
        super().__init__()
        self._undone = undone()
        self._undone.__enter__()
        self.contest_id = contest_row(db.session()).id
        open_pool(self.contest_id)
        self.balances: Lines = dict.fromkeys((*SIDES, pool(self.contest_id)), 0)
        self.balances.pop("pool")
        self.booked = 0
        self.last: Lines = {}

    def teardown(self) -> None:
        self._undone.__exit__(None, None, None)

    @rule(fees=AMOUNTS, sponsored=AMOUNTS)
    def enter(self, fees: int, sponsored: int) -> None:
        self.attempt("entry_fees", entry_fees(self.contest_id, fees=fees, sponsored=sponsored))

    @rule(prizes=AMOUNTS, fee=AMOUNTS, dust=AMOUNTS, refunds=AMOUNTS)
    def divide(self, prizes: int, fee: int, dust: int, refunds: int) -> None:
        parts = settlement(self.contest_id, prizes=prizes, fee=fee, dust=dust, refunds=refunds)
        self.attempt("settlement", parts)

    @rule(source=st.sampled_from(OWED), into=st.sampled_from(OWED), lamports=AMOUNTS)
    def hold_or_release(self, source: str, into: str, lamports: int) -> None:
        if source != into:
            self.attempt("hold", moved(source, into, lamports))

    @rule(prizes=AMOUNTS, refunds=AMOUNTS, fee=st.integers(0, 10_000))
    def pay(self, prizes: int, refunds: int, fee: int) -> None:
        self.attempt("payment", payment({"prize": prizes, "refund": refunds}, network_fee=fee))

    @rule(lamports=AMOUNTS)
    def deposit(self, lamports: int) -> None:
        self.attempt("deposit", moved("hot_wallet", "fee", lamports))

    @precondition(lambda self: self.last)
    @rule()
    def undo(self) -> None:
        self.attempt("release", {account: -lamports for account, lamports in self.last.items()})

    def attempt(self, kind: str, lines: Lines) -> None:
        after = {name: self.balances[name] + lines.get(name, 0) for name in self.balances}
        is_right = all(_is_above_floor(name, lamports) for name, lamports in after.items())
        self.booked += 1
        try:
            with db.session.begin_nested():
                book(kind, f"{kind}:{self.booked}", lines, by=SYSTEM_OF_TESTS)
                for when in ("IMMEDIATE", "DEFERRED"):
                    db.session.execute(text(f"SET CONSTRAINTS ALL {when}"))
        except IntegrityError:
            assert not is_right
        else:
            assert is_right
            self.balances, self.last = after, lines

    @invariant()
    def the_books_are_true(self) -> None:
        found = trial_balance()
        assert found.is_balanced
        assert {one.account: one.lamports for one in found.accounts if one.account in self.balances} == self.balances


def _is_above_floor(name: str, lamports: int) -> bool:
    kind = name.split(":", maxsplit=1)[0]
    return kind in MAY_BE_ANYTHING or lamports * SIDES[kind] >= 0


@pytest.fixture
def ready(isolated: Flask) -> Iterator[Flask]:
    with isolated.app_context():
        yield isolated
        db.session.remove()


@pytest.mark.faults  # so that `make soak` runs its long form
@pytest.mark.usefixtures("ready")
def test_money_is_never_made_or_lost() -> None:
    assert len(trial_balance().accounts) == len(SIDES) - 1
    often = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
    )  # fmt: skip
    run_state_machine_as_test(Money, settings=often)
