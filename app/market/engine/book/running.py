"""The running minute of every token, handed over in parts to be stored, and as a whole when it ends."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import repeat

import numpy as np

from app.market.engine.book.prices import Extremes, Floats, Ints, Objects, Prices, grown
from app.market.engine.book.trades import Trades
from app.market.rules.batches import CandlePart
from app.market.rules.sentiment import Bar


class Minute:
    """Highest and lowest are of the minute so far; first and last price and the number of ticks since the last part.

    Used within `exactly`.
    """

    def __init__(self) -> None:
        self.trades = Trades()
        self._open, self._close = Prices(), Prices()
        self._high, self._low = Extremes(np.greater), Extremes(np.less)
        self._ticks: Ints = np.zeros(0, np.int64)

    def grow(self, tokens: int) -> None:
        for prices in (self._open, self._close, self._high, self._low, self.trades):
            prices.grow(tokens)
        self._ticks = grown(self._ticks, tokens, 0)

    def ticked(self, tokens: Ints) -> None:
        self._ticks += np.bincount(tokens, minlength=len(self._ticks))

    def sample(self, tokens: Ints, texts: Objects, near: Floats) -> None:
        """Consolidated prices after ticks of this minute."""
        first = np.isnan(self._open.near[tokens])
        self._open.put(tokens[first], texts[first], near[first])
        self._close.put(tokens, texts, near)
        self._high.reach(tokens, texts, near)
        self._low.reach(tokens, texts, near)

    def parts(self, ids: Sequence[int], minute: datetime) -> list[CandlePart]:
        """What came since the parts before, of tokens of which ticks did."""
        ticked = np.flatnonzero(self._ticks)
        prices = [map(Decimal, one.texts[ticked]) for one in (self._open, self._high, self._low, self._close)]
        volumes, ticks = self.trades.part.of(ticked), self._ticks[ticked].tolist()
        told = zip([ids[token] for token in ticked.tolist()], repeat(minute), *prices, *volumes, ticks, strict=False)
        parts = [CandlePart(*part) for part in told]
        self._ticks[:] = 0
        self._open.clear()
        self.trades.end_part()
        return parts

    def extremes(self, token: int) -> list[Decimal]:
        """The highest and the lowest price of this minute so far; nothing before its first tick."""
        return [price for prices in (self._high, self._low) if (price := prices.exact(token)) is not None]

    def volumes(self, token: int) -> tuple[Decimal, Decimal, Decimal]:
        """What was traded in this minute so far: all, bought and sold."""
        before, since = self.trades.minute.of(token), self.trades.part.of(token)
        return before[0] + since[0], before[1] + since[1], before[2] + since[2]

    def bar(self, token: int, minute: int, price: Decimal) -> Bar:
        """The whole minute at its end."""
        seen = self.extremes(token) or [price]
        return Bar(minute, price, seen[0], seen[-1], *self.volumes(token))

    def end(self) -> None:
        self._high.clear()
        self._low.clear()
        self.trades.minute.clear()
