"""What the database says two people agreed on, read by the signer for itself and never written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import class_row

from app.payouts.rules.lists import list_hash
from app.payouts.wallets.port import NotSigned, Order

Connect = Callable[[], "psycopg.Connection[Any]"]

BATCH = """
SELECT state, list_hash, approved_hash, proposed_by, approved_by,
    (SELECT count(*) FROM payout_freezes WHERE lifted_at IS NULL) AS freezes,
    ARRAY(SELECT reference FROM payout_attempts
          WHERE batch_id = payout_batches.id AND state IN ('signed', 'sent', 'landed_ok')) AS live
FROM payout_batches WHERE id = %s
"""
LINES = "SELECT id, wallet, lamports FROM payouts WHERE batch_id = %s AND state = 'in_batch' ORDER BY id"
PAYING = {"approved", "paying"}
LOOK = "Look at the batch before anything else is tried."


@dataclass(frozen=True)
class Batch:
    state: str
    list_hash: str
    approved_hash: str | None
    proposed_by: int
    approved_by: int | None
    freezes: int
    live: list[str]


@dataclass(frozen=True)
class Line:
    id: int
    wallet: str
    lamports: int


def ensure_agreed(order: Order, connect: Connect, known: frozenset[str]) -> None:
    """Raises NotSigned unless this very list was approved by somebody else than its proposer, and nothing is frozen.

    `known` are the references the signer remembers: a live attempt that it does not means its memory is not whole.
    """
    batch, lines = _read(order.batch, connect)
    if batch is None:
        raise NotSigned(f"There is no batch {order.batch}.", LOOK)
    if batch.freezes:
        raise NotSigned("Payouts are frozen.", "Two people lift the freeze when its cause is understood.")
    if batch.state not in PAYING:
        raise NotSigned(f"Batch {order.batch} is {batch.state}, not approved.", LOOK)
    if batch.approved_by is None or batch.approved_by == batch.proposed_by:
        raise NotSigned(f"Batch {order.batch} was not approved by a second person.", LOOK)
    if list_hash(lines) != batch.approved_hash:
        what = f"The list of batch {order.batch} is not the one that was approved."
        raise NotSigned(what, "Cancel the batch and propose it anew.")
    asked = [(line.payout, line.address, line.lamports) for line in order.transfers]
    if sorted(asked) != [(line.id, line.wallet, line.lamports) for line in lines]:
        raise NotSigned(f"What was asked for is not the approved list of batch {order.batch}.", LOOK)
    strange = set(batch.live) - known
    if strange:
        what = f"Batch {order.batch} has a live attempt {min(strange)} that the signer does not remember signing."
        raise NotSigned(what, "Bring the signer's own memory back before anything is signed.")


def _read(batch_id: int, connect: Connect) -> tuple[Batch | None, list[Line]]:
    with connect() as connection:
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        batch = connection.cursor(row_factory=class_row(Batch)).execute(BATCH, (batch_id,)).fetchone()
        return batch, connection.cursor(row_factory=class_row(Line)).execute(LINES, (batch_id,)).fetchall()
