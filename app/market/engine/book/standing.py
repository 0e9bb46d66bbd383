"""How every token stands: its consolidated price, how many sources make it, and how far they are apart."""

from decimal import Decimal

import numpy as np

from app.market.engine.book.prices import Flags, Floats, Ints, Prices, bps_nearly, grown, plain
from app.market.engine.book.quotes import Quotes
from app.market.rules.consolidated import MAX_AGE_US, NEAR_BPS, consolidated

NONE = -1
"""Instead of a spread where there is none."""
NEVER_US = 1 << 62


class Standing:
    """A place a token; `due_us` is when the next of its sources is too old, and the price has to be made anew."""

    def __init__(self) -> None:
        self.prices = Prices()
        self.at_us: Ints = np.zeros(0, np.int64)
        self.due_us: Ints = np.zeros(0, np.int64)
        self.fresh: Ints = np.zeros(0, np.int64)
        self.spread_bps: Ints = np.zeros(0, np.int64)
        self.suspect: Flags = np.zeros(0, np.bool_)

    def grow(self, tokens: int) -> None:
        self.prices.grow(tokens)
        self.at_us, self.due_us = grown(self.at_us, tokens, 0), grown(self.due_us, tokens, NEVER_US)
        self.fresh, self.spread_bps = grown(self.fresh, tokens, 0), grown(self.spread_bps, tokens, NONE)
        self.suspect = grown(self.suspect, tokens, False)

    def settle(self, tokens: Ints, quotes: Quotes, now_us: int) -> None:
        """Makes all of it anew for these tokens. Used within `exactly`."""
        at_us = quotes.at_us[tokens]
        is_fresh = at_us >= now_us - MAX_AGE_US
        fresh = is_fresh.sum(axis=1)
        self.fresh[tokens] = fresh
        self.suspect[tokens] = (quotes.suspect[tokens] & is_fresh).any(axis=1)
        self.due_us[tokens] = np.where(is_fresh, at_us, NEVER_US).min(axis=1, initial=NEVER_US) + MAX_AGE_US
        self.at_us[tokens] = np.maximum(self.at_us[tokens] * (fresh == 0), at_us.max(axis=1, initial=0))
        self._consolidate(tokens, quotes, is_fresh, fresh)
        silent = tokens[(fresh == 0) & np.isnan(self.prices.near[tokens])]
        newest = silent, quotes.at_us[silent].argmax(axis=1)
        self.prices.put(silent, quotes.prices.texts[newest], quotes.prices.near[newest])

    def _consolidate(self, tokens: Ints, quotes: Quotes, is_fresh: Flags, fresh: Ints) -> None:
        """As `consolidated` does, and by it wherever floats cannot tell, some deviate, or two are in the middle."""
        near = np.where(is_fresh, quotes.prices.near[tokens], np.nan)
        order = near.argsort(axis=1)
        rows, half = np.arange(len(tokens)), fresh // 2
        ascending = near[rows[:, np.newaxis], order]
        middle = ascending[rows, half]
        spread_bps, sure = bps_nearly(ascending[rows, fresh - 1] - ascending[:, 0], middle)
        sure &= (fresh % 2 == 1) & (spread_bps < NEAR_BPS) & (_parted(ascending, rows, half) | (fresh == 1))
        spread_bps[fresh < 2] = NONE
        texts = quotes.prices.texts[tokens, order[rows, half]]
        for place in np.flatnonzero(~sure & (fresh > 0)):
            told = quotes.prices.texts[tokens[place]][is_fresh[place]]
            found = consolidated(sorted(map(Decimal, told)))
            texts[place], middle[place] = plain(found.price), float(found.price)
            spread_bps[place] = NONE if found.spread_bps is None else found.spread_bps
        has_price = fresh > 0
        self.prices.put(tokens[has_price], texts[has_price], middle[has_price])
        self.spread_bps[tokens] = spread_bps


def _parted(ascending: Floats, rows: Ints, half: Ints) -> Flags:
    """Where the middle price is another one than its neighbours, so that their order is sure."""
    last = ascending.shape[1] - 1
    middle, before = ascending[rows, half], ascending[rows, half - 1]
    after = ascending[rows, np.minimum(half + 1, last)]
    return np.asarray((before != middle) & (after != middle))
