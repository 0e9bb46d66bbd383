"""Wallet Services: the same key moves once, no answer is unknown, and nobody else is believed."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from app.core.asking import Unreachable
from app.payouts.wallets.http.wallet import HttpWallet
from app.payouts.wallets.port import Expired, LandedErr, LandedOk, Order, Pending
from tests.payouts.wallets.hot import transfers
from tests.payouts.wallets.services import SECRET, Services, wallet_services

ORDER = Order(7, 1, transfers(3))
HASTY = httpx.Timeout(0.3)


@pytest.fixture
def theirs() -> Iterator[tuple[str, Services]]:
    with wallet_services() as running:
        yield running


def test_a_transfer_is_sent_and_paid(theirs: tuple[str, Services]) -> None:
    wallet = HttpWallet(theirs[0], SECRET)
    ready = wallet.prepare(ORDER)
    assert isinstance(wallet.outcome(ready), Pending)
    wallet.send(ready)
    assert wallet.outcome(ready) == LandedOk(7, datetime(2026, 11, 23, 12, tzinfo=UTC))


def test_the_same_order_is_the_same_bytes_and_moves_once(theirs: tuple[str, Services]) -> None:
    wallet = HttpWallet(theirs[0], SECRET)
    assert wallet.prepare(ORDER) == wallet.prepare(ORDER)
    for _ in range(5):
        wallet.send(wallet.prepare(ORDER))
    assert len(theirs[1].moved) == 1


def test_a_time_out_is_unknown_though_the_money_moved(theirs: tuple[str, Services]) -> None:
    wallet = HttpWallet(theirs[0], SECRET, patience=HASTY)
    theirs[1].answers_after_s = 0.6
    ready = wallet.prepare(ORDER)
    with pytest.raises(Unreachable):
        wallet.send(ready)
    assert isinstance(wallet.outcome(ready), Pending)
    theirs[1].answers_after_s = 0
    assert isinstance(wallet.outcome(ready), LandedOk)


def test_a_line_that_breaks_is_unknown(theirs: tuple[str, Services]) -> None:
    wallet = HttpWallet(theirs[0], SECRET)
    theirs[1].breaks_off = True
    with pytest.raises(Unreachable):
        wallet.send(wallet.prepare(ORDER))
    assert isinstance(wallet.outcome(wallet.prepare(ORDER)), Pending)


def test_failures_say_whose_they_are(theirs: tuple[str, Services]) -> None:
    wallet = HttpWallet(theirs[0], SECRET)
    ready = wallet.prepare(ORDER)
    theirs[1].told[ready.reference] = {
        "reference": ready.reference, "status": "failed", "reason": "Closed.", "whose_fault": "player", "address": "x",
    }  # fmt: skip
    ended = wallet.outcome(ready)
    assert isinstance(ended, LandedErr)
    assert (ended.whose_fault, ended.address) == ("player", "x")


def test_never_is_kept_as_proof(theirs: tuple[str, Services]) -> None:
    wallet = HttpWallet(theirs[0], SECRET)
    ready = wallet.prepare(ORDER)
    theirs[1].told[ready.reference] = {"reference": ready.reference, "status": "never"}
    ended = wallet.outcome(ready)
    assert isinstance(ended, Expired)
    assert ended.proof["said_by"].startswith("127.0.0.1")


@pytest.mark.parametrize("told", [{"status": "paid"}, {"reference": "another", "status": "paid"}, {"reference": 1}])
def test_what_cannot_be_read_decides_nothing(theirs: tuple[str, Services], told: dict[str, str]) -> None:
    wallet = HttpWallet(theirs[0], SECRET)
    ready = wallet.prepare(ORDER)
    theirs[1].told[ready.reference] = told
    assert isinstance(wallet.outcome(ready), Pending)


def test_a_wrong_secret_moves_nothing(theirs: tuple[str, Services]) -> None:
    wallet = HttpWallet(theirs[0], "guessed")
    with pytest.raises(Unreachable, match="401"):
        wallet.send(wallet.prepare(ORDER))
    assert theirs[1].moved == []


def test_movements_come_page_by_page_after_the_last_known(theirs: tuple[str, Services]) -> None:
    wallet = HttpWallet(theirs[0], SECRET)
    for batch in (1, 2, 3):
        wallet.send(wallet.prepare(Order(batch, 1, transfers(1))))
    assert [one.memo for one in wallet.movements(None)] == ["1:1", "2:1", "3:1"]
    assert [one.memo for one in wallet.movements("batch-2-attempt-1")] == ["3:1"]
