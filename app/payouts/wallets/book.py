"""The embedded wallet: money moves in the ledger only, at once and without a fee."""

import json
from collections.abc import Sequence
from hashlib import sha256

from app.core.clock import database_now
from app.payouts.queries.booked import booked_payments
from app.payouts.wallets.port import LandedOk, Movement, Order, Outcome, Prepared, Unpayable
from app.payouts.wallets.solana.recipients import problems_of_reserved

MOST = 500


class Book:
    max_transfers = MOST

    def prepare(self, order: Order) -> Prepared:
        """The order written out is what is signed; its digest is the reference. What nobody could have is not paid."""
        if lost := list(problems_of_reserved(order.transfers)):
            raise Unpayable(lost)
        lines = [[one.payout, one.address, one.lamports] for one in order.transfers]
        wire = json.dumps([order.memo, lines], separators=(",", ":")).encode()
        return Prepared(_reference(wire), wire)

    def send(self, prepared: Prepared) -> None:
        """There is nobody to send it to; bytes that are not what was prepared are not taken either."""
        if _reference(prepared.wire) != prepared.reference:
            raise ValueError(f"{prepared.reference} was prepared with other bytes")

    def outcome(self, prepared: Prepared) -> Outcome:
        self.send(prepared)
        return LandedOk(0, database_now())

    def movements(self, since: str | None) -> Sequence[Movement]:
        return [
            Movement(one.reference, one.lamports, one.fee_lamports, one.memo, one.at) for one in booked_payments(since)
        ]


def _reference(wire: bytes) -> str:
    return f"book:{sha256(wire).hexdigest()}"
