"""How far each price is from what it was a minute, an hour and a day ago."""

from collections import deque
from decimal import Decimal

import numpy as np

from app.market.engine.book.prices import Ints, Prices, bps_nearly
from app.market.rules.changes import Day, change_bps

SECONDS = 60


class Moves:
    """Remembers a price for each of the last 60 seconds and the one before them; older ones are candles' to tell."""

    def __init__(self) -> None:
        self._seconds: deque[Prices] = deque(maxlen=SECONDS + 1)
        self._hour_ago, self._day_ago = Prices(), Prices()
        self._none = Prices()

    def grow(self, tokens: int) -> None:
        for prices in (*self._seconds, self._hour_ago, self._day_ago, self._none):
            prices.grow(tokens)

    @property
    def _minute_ago(self) -> Prices:
        return self._seconds[0] if len(self._seconds) > SECONDS else self._none

    def end_seconds(self, prices: Prices, seconds: int) -> Ints:
        """The prices at the end of so many seconds, several when nobody looked in between; whose move may be another
        one now.
        """
        before = self._minute_ago.texts
        kept = prices.copy()
        self._seconds.extend([kept] * min(seconds, SECONDS + 1))
        return np.flatnonzero(self._minute_ago.texts != before)

    def begin_day(self, token: int, day: Day) -> None:
        self._hour_ago.put_exact(token, day.hour_ago)
        self._day_ago.put_exact(token, day.day_ago)

    def of(self, tokens: Ints, prices: Prices) -> tuple[list[int | None], ...]:
        """In whole basis points, or None: against a minute, an hour and a day ago."""
        return tuple(_moved(tokens, prices, before) for before in (self._minute_ago, self._hour_ago, self._day_ago))


def _moved(tokens: Ints, prices: Prices, before: Prices) -> list[int | None]:
    known, near = before.near[tokens], prices.near[tokens]
    nearest, sure = bps_nearly(near - known, known)
    found: list[int | None] = nearest.tolist()
    missing = np.isnan(known)
    if missing.any():
        found = [None if is_missing else bps for bps, is_missing in zip(found, missing.tolist(), strict=True)]
    for place in np.flatnonzero(~sure & ~missing):
        token = tokens[place]
        found[place] = change_bps(Decimal(prices.texts[token]), before.exact(token))
    return found
