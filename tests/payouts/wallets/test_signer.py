"""The signer signs what two people agreed on, once, within its caps, and says why when it does not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.core.errors import Refusal
from app.core.extensions import db
from app.payouts.models import Batch, Freeze
from app.payouts.signer.caps import Caps
from app.payouts.signer.memory import Memory
from app.payouts.signer.signing import Signer
from app.payouts.wallets.port import LandedErr, LandedOk, NotSigned, Order, Unpayable
from tests.payouts.chain.running import Running, chain
from tests.payouts.wallets.hot import NOON, SOL, address_of, approved, connect_to, next_attempt, signer, wallet


@pytest.fixture(scope="module")
def solana() -> Iterator[Running]:
    with chain() as running:
        running.airdrop(address_of(0), 5000 * SOL)
        yield running


@pytest.fixture
def ours(solana: Running, committing: Flask, tmp_path: Path) -> Iterator[Signer]:
    with signer(solana, tmp_path, connect_to(committing)) as made:
        yield made


def reason(ours: Signer, order: Order, now: int = NOON) -> str:
    with pytest.raises(NotSigned) as refused:
        ours.sign(order, now)
    return refused.value.what


def test_the_approved_list_is_signed_and_lands(committing: Flask, solana: Running, ours: Signer) -> None:
    order = approved(committing, [SOL, 2 * SOL], wallets=[address_of(31), address_of(32)])
    ready = wallet(solana, ours).prepare(order)
    wallet(solana, ours).send(ready)
    solana.advance(20)
    assert isinstance(wallet(solana, ours).outcome(ready), LandedOk)
    assert (solana.balance(address_of(31)), solana.balance(address_of(32))) == (SOL, 2 * SOL)


def test_another_list_than_the_approved_is_refused(committing: Flask, ours: Signer) -> None:
    order = approved(committing, [SOL])
    more = replace(order, transfers=(replace(order.transfers[0], lamports=2 * SOL),))
    elsewhere = replace(order, transfers=(replace(order.transfers[0], address=address_of(9)),))
    assert "not the approved list" in reason(ours, more)
    assert "not the approved list" in reason(ours, elsewhere)
    assert "no batch" in reason(ours, replace(order, batch=order.batch + 1))


def test_a_batch_that_was_cancelled_is_refused(committing: Flask, ours: Signer) -> None:
    order = approved(committing, [SOL])
    with committing.app_context():
        batch = db.session.get_one(Batch, order.batch)
        batch.state, batch.closed_by = "cancelled", "admin"
        batch.closed_at = batch.approved_at
        db.session.commit()
    assert "is cancelled" in reason(ours, order)


def test_nothing_is_signed_while_payouts_are_frozen(committing: Flask, ours: Signer) -> None:
    order = approved(committing, [SOL])
    with committing.app_context():
        now = db.session.get_one(Batch, order.batch).approved_at
        db.session.add(Freeze(kind="debit", about="x", reason="unknown", frozen_by="system", frozen_at=now))
        db.session.commit()
    assert "frozen" in reason(ours, order)


def test_the_same_attempt_is_the_same_bytes_after_a_restart(
    committing: Flask, solana: Running, ours: Signer, tmp_path: Path
) -> None:
    order = approved(committing, [SOL])
    first = ours.sign(order, NOON)
    ours.memory.close()
    solana.advance(30)
    with signer(solana, tmp_path, connect_to(committing)) as again:
        assert again.sign(order, NOON + 60) == first


def test_a_second_signature_waits_for_the_end_of_the_first(committing: Flask, solana: Running, ours: Signer) -> None:
    order = approved(committing, [SOL])
    first = ours.sign(order, NOON)
    assert "may still land" in reason(ours, next_attempt(order))
    solana.advance(170)
    second = ours.sign(next_attempt(order), NOON)
    assert second.reference != first.reference


def test_what_was_paid_is_never_signed_again_whatever_the_database_says(
    committing: Flask, solana: Running, ours: Signer
) -> None:
    order = approved(committing, [SOL])
    wallet(solana, ours).send(ours.sign(order, NOON))
    solana.advance(200)
    assert "already paid" in reason(ours, next_attempt(order))


def test_caps_count_what_may_land_and_nothing_else(committing: Flask, solana: Running, tmp_path: Path) -> None:
    caps = Caps(transaction=4 * SOL, hour=5 * SOL, day=6 * SOL)
    with signer(solana, tmp_path, connect_to(committing), caps=caps) as ours:
        assert "one transaction may" in reason(ours, approved(committing, [3 * SOL, 2 * SOL]))
        first = approved(committing, [3 * SOL])
        ours.sign(first, NOON)
        assert "within one hour" in reason(ours, approved(committing, [3 * SOL]), NOON + 60)
        assert "within one day" in reason(ours, approved(committing, [4 * SOL]), NOON + 4000)
        solana.advance(170)
        ours.sign(next_attempt(first), NOON + 4000)


def test_a_poor_hot_wallet_is_the_platforms_matter(committing: Flask, solana: Running, ours: Signer) -> None:
    poor = replace(ours, key=type(ours.key)())
    solana.airdrop(poor.address, SOL)
    assert "holds 1000000000 lamports" in reason(poor, approved(committing, [SOL]))


def test_a_live_attempt_it_does_not_remember_stops_it(committing: Flask, ours: Signer, tmp_path: Path) -> None:
    order = approved(committing, [SOL])
    with committing.app_context():
        batch = db.session.get_one(Batch, order.batch)
        batch.state = "paying"
        db.session.flush()
        db.session.execute(
            db.text(
                "INSERT INTO payout_attempts (batch_id, number, reference, wire, last_valid_height, list_hash,"
                " lamports) VALUES (:batch, 1, 'unknown', '\\x01', 5, :hash, :lamports)"
            ),
            {"batch": batch.id, "hash": batch.list_hash, "lamports": SOL},
        )
        db.session.commit()
    assert "does not remember" in reason(ours, next_attempt(order))


def test_a_recipient_that_cannot_take_it_is_named(committing: Flask, ours: Signer) -> None:
    order = approved(committing, [SOL, 1000])
    with pytest.raises(Unpayable) as found:
        ours.sign(order, NOON)
    (problem,) = found.value.problems
    assert (problem.payout, problem.whose_fault) == (order.transfers[1].payout, "player")


def test_a_transfer_that_fails_on_the_chain_pays_nobody(committing: Flask, solana: Running, ours: Signer) -> None:
    first, second = (approved(committing, [40 * SOL], wallets=[address_of(33)]) for _ in range(2))
    mine = replace(ours, key=type(ours.key)())
    solana.airdrop(mine.address, 50 * SOL)
    both = [mine.sign(first, NOON), mine.sign(second, NOON)]
    for prepared in both:
        wallet(solana, mine).send(prepared)
    solana.advance(20)
    ends = [wallet(solana, mine).outcome(prepared) for prepared in both]
    failed = next(end for end in ends if isinstance(end, LandedErr))
    assert (failed.whose_fault, failed.fee_lamports > 0) == ("platform", True)
    assert solana.balance(address_of(33)) == 40 * SOL


def test_a_torn_last_line_is_forgotten_and_a_second_signer_refused(tmp_path: Path) -> None:
    (tmp_path / "signed.jsonl").write_bytes(b'{"over": "a", "why": "expired"}\n{"signed": "b')
    memory = Memory(tmp_path / "signed.jsonl")
    with pytest.raises(Refusal, match="already runs"):
        Memory(tmp_path / "signed.jsonl")
    memory.close()
    assert (tmp_path / "signed.jsonl").read_bytes().endswith(b"}\n")


def test_more_than_fits_is_refused(committing: Flask, ours: Signer) -> None:
    order = approved(committing, [SOL] * 20)
    assert "from 1 to 19" in reason(ours, order)
