"""A hot wallet on the chain of the tests, and orders for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from flask import Flask
from solders.keypair import Keypair
from sqlalchemy import update

from app.core.database import connector
from app.core.extensions import db, settings
from app.core.solana import nodes
from app.payouts.models import Batch, Payout
from app.payouts.rules.lists import list_hash
from app.payouts.signer.caps import Caps
from app.payouts.signer.memory import Memory
from app.payouts.signer.signing import Signer
from app.payouts.wallets.port import Order, Prepared, Transfer
from app.payouts.wallets.solana.chain import Chain
from app.payouts.wallets.solana.wallet import SolanaWallet
from app.staff.models import Account
from tests.clients import PASSWORD_HASH
from tests.payouts.chain.running import Running

SOL = 1_000_000_000
NOON = 1_800_000_000
CAPS = Caps(transaction=50 * SOL, hour=100 * SOL, day=200 * SOL)


def key_of(number: int) -> Keypair:
    return Keypair.from_seed(number.to_bytes(32, "big"))


def address_of(number: int) -> str:
    """A wallet of its own for each number."""
    return str(key_of(number).pubkey())


def transfers(count: int, lamports: int = SOL) -> tuple[Transfer, ...]:
    return tuple(Transfer(number, address_of(number), lamports + number) for number in range(1, count + 1))


class Inside:
    """The signer without its socket."""

    def __init__(self, signer: Signer) -> None:
        self.signer = signer

    def address(self) -> str:
        return self.signer.address

    def sign(self, order: Order) -> Prepared:
        return self.signer.sign(order, NOON)


@contextmanager
def signer(
    chain: Running, folder: Path, connect: Callable[[], "psycopg.Connection[Any]"], *, caps: Caps = CAPS
) -> Iterator[Signer]:
    memory = Memory(folder / "signed.jsonl")
    yield Signer(key_of(0), Chain(nodes(chain.addresses)), connect, memory, caps, 1_000_000)
    memory.close()


def wallet(chain: Running, signer: Signer) -> SolanaWallet:
    return SolanaWallet(nodes(chain.addresses), Inside(signer))


def connect_to(app: Flask) -> Callable[[], "psycopg.Connection[Any]"]:
    with app.app_context():
        return connector(settings())


def approved(app: Flask, amounts: list[int], *, wallets: list[str] | None = None) -> Order:
    """A batch in the database that a second admin approved, and its first order."""
    wallets = wallets or [address_of(number) for number in range(1, len(amounts) + 1)]
    with app.app_context():
        people = [
            Account(name=f"admin-{uuid4().hex[:8]}", display_name="P", role="admin", password_hash=PASSWORD_HASH)
            for _ in range(2)
        ]
        db.session.add_all(people)
        first = (db.session.query(Payout).count() or 0) + 1
        rows = [
            Payout(kind="referral", reward_id=first + n, nickname="n", wallet=wallets[n], lamports=amount)
            for n, amount in enumerate(amounts)
        ]
        db.session.add_all(rows)
        db.session.flush()
        now = db.session.execute(db.text("SELECT clock_timestamp()")).scalar_one()
        batch = Batch(
            payouts=len(rows),
            lamports=sum(amounts),
            list_hash=list_hash(rows),
            proposed_by=people[0].id,
            proposed_at=now,
        )
        db.session.add(batch)
        db.session.flush()
        ids = [row.id for row in rows]
        db.session.execute(update(Payout).where(Payout.id.in_(ids)).values(state="in_batch", batch_id=batch.id))
        batch.state, batch.approved_by, batch.approved_hash = "approved", people[1].id, batch.list_hash
        batch.approved_at = batch.approver_proved_at = now
        db.session.commit()
        lines = zip(ids, wallets, amounts, strict=True)
        return Order(batch.id, 1, tuple(Transfer(*line) for line in lines))


def next_attempt(order: Order) -> Order:
    return replace(order, attempt=order.attempt + 1)
