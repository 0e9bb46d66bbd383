"""Seeded lives of payouts with a crash at every commit and every call: each entitlement is paid exactly once."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from flask import Flask

from app.core.clock import database_now
from app.core.extensions import db
from app.payouts.jobs.paying import Payer
from app.payouts.service import paying
from app.payouts.service.settling import fail
from app.payouts.wallets.port import Expired, LandedErr, LandedOk, Order, Outcome, Prepared
from tests.payouts.chain_of_tests import Chain, ChainWallet
from tests.payouts.crashing import careful_lives, live_through

MUTANT_SEEDS = 24
BLOCK = 30
"""Seeds of a block; blocks are spread over the processes that test."""


@pytest.fixture
def ready(committing: Flask) -> Iterator[Flask]:
    with committing.app_context():
        yield committing
        db.session.remove()


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("first", range(0, 5 * BLOCK, BLOCK))
def test_a_crash_anywhere_pays_exactly_once(first: int) -> None:
    assert careful_lives(range(first, first + BLOCK)) == {}


class SignsAgainOnTimeOut(ChainWallet):
    def outcome(self, prepared: Prepared) -> Outcome:
        found = super().outcome(prepared)
        is_old = self.chain.height > (prepared.last_valid_height or 0) - 120
        forged = {"finalized_height": (prepared.last_valid_height or 0) + 1}
        return Expired(forged) if is_old and not isinstance(found, LandedOk | LandedErr) else found


class TrustsWhatIsNotFinal(ChainWallet):
    def outcome(self, prepared: Prepared) -> Outcome:
        found = self.chain.sent.get(prepared.reference)
        if found and found.state == "confirmed":
            return LandedOk(5, database_now())
        return super().outcome(prepared)


class SendsBeforeStoring(ChainWallet):
    def prepare(self, order: Order) -> Prepared:
        prepared = super().prepare(order)
        with suppress(TimeoutError):
            self.send(prepared)
        return prepared


class PaysAgainOnRetry(Payer):
    """Takes an error of the sending for a failure of the payment."""

    def send(self, signed: paying.Signed) -> None:
        try:
            self._wallet().send(signed.prepared)
        except TimeoutError as error:
            fail(signed.attempt_id, LandedErr(str(error), "network", "Again."))


Careless = tuple[Callable[[Chain], ChainWallet], Callable[..., Payer], int]
MUTANTS: list[Careless] = [
    (SignsAgainOnTimeOut, Payer, 6),
    (TrustsWhatIsNotFinal, Payer, 10),
    (SendsBeforeStoring, Payer, 7),
    (ChainWallet, PaysAgainOnRetry, 7),
]
"""The last is a seed whose life shows it soon."""


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant[0].__name__}-{mutant[1].__name__}")
def test_a_careless_payer_is_caught(mutant: Careless) -> None:
    wallet, payer, first = mutant
    found = (live_through(seed, wallet, payer).faults for seed in range(first, first + MUTANT_SEEDS))
    assert any(found)
