"""Prices: told and read."""

from collections.abc import Iterator, Sequence
from typing import cast

from .shapes import CandleShown, PriceShown, Pushed, TickTold
from .transport import Transport


class Prices:
    def __init__(self, transport: Transport) -> None:
        self._ = transport

    def push(self, ticks: Sequence[TickTold]) -> Pushed:
        """Up to 5,000 at once. A tick is its own key: sent again it is refused as a duplicate, and harms nothing."""
        return cast(Pushed, self._.write("POST", "/prices", {"ticks": list(ticks)}, keyed=False))

    def all(self) -> Iterator[PriceShown]:
        """Of every active token."""
        return self._.pages("/prices", "prices", {"limit": 1000})

    def read(self, mint: str) -> PriceShown:
        return cast(PriceShown, self._.read("/prices/{mint}", mint=mint))

    def candles(self, mint: str) -> Iterator[CandleShown]:
        """Minutes, the newest first."""
        return self._.pages("/prices/{mint}/candles", "candles", {"limit": 1440}, mint=mint)
