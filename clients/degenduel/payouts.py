"""Batches and payouts, to read."""

from collections.abc import Iterator
from typing import cast

from .shapes import BatchShown, BatchWithPayouts, PayoutShown
from .transport import Transport


class Payouts:
    def __init__(self, transport: Transport) -> None:
        self._ = transport

    def batches(self, *, state: str | None = None) -> Iterator[BatchShown]:
        """The newest first."""
        return self._.pages("/payouts/batches", "batches", {"state": state, "limit": 100})

    def batch(self, batch_id: int) -> BatchWithPayouts:
        """With the first page of its payouts."""
        return cast(BatchWithPayouts, self._.read("/payouts/batches/{batch_id}", batch_id=batch_id))

    def payouts_of(self, batch_id: int) -> Iterator[PayoutShown]:
        return self._.pages("/payouts/batches/{batch_id}", "payouts", {}, batch_id=batch_id)

    def payout(self, payout_id: int) -> PayoutShown:
        return cast(PayoutShown, self._.read("/payouts/{payout_id}", payout_id=payout_id))
