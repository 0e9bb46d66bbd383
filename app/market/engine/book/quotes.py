"""What each source last told of each token, and what of that is to be doubted."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from app.market.engine.book.prices import Flags, Floats, Ints, Objects, Prices, exceeds, grown, nearly, objects
from app.market.rules.suspect import FROZEN_US, JUMP

JUMP_BPS = int(JUMP.scaleb(4))
MORE_SOURCES = 4


class Quotes:
    """A row a token, a column a source. Times are µs since 1970: when it told, and when its price last became another.

    A source that never told of a token has no price there, and told at 0.
    """

    def __init__(self) -> None:
        shape = (0, MORE_SOURCES)
        self.prices = Prices(shape)
        self.at_us: Ints = np.zeros(shape, np.int64)
        self.suspect: Flags = np.zeros(shape, np.bool_)
        self._moved_us: Ints = np.zeros(shape, np.int64)
        self._columns: dict[str, int] = {}

    def grow(self, tokens: int, sources: int | None = None) -> None:
        shape = tokens, sources or self.at_us.shape[1]
        self.prices.grow(shape)
        self.at_us, self._moved_us = grown(self.at_us, shape, 0), grown(self._moved_us, shape, 0)
        self.suspect = grown(self.suspect, shape, False)

    def columns(self, sources: Sequence[str]) -> Ints:
        """The number of each source; a new one gets the next."""
        for source in sorted(set(sources) - self._columns.keys()):
            self._columns[source] = len(self._columns)
        tokens, room = self.at_us.shape
        if len(self._columns) > room:
            self.grow(tokens, len(self._columns) + MORE_SOURCES)
        return np.fromiter(map(self._columns.__getitem__, sources), np.int64, len(sources))

    def told(self, tokens: Ints, sources: Ints, prices: Sequence[str], at_us: Ints) -> list[tuple[int, str]]:
        """Takes in ticks, those of one token and source in the order of their times; which are suspect, and why.

        A jump is against the source's price before. Frozen is one that stands still while others of its token move.
        """
        places = tokens, sources
        texts, near = objects(prices), nearly(prices)
        known_texts, known = self.prices.texts[places], self.prices.near[places]
        again = self._again(tokens, sources)
        for before, after in again:
            known_texts[after], known[after] = texts[before], near[before]
        moved = texts != known_texts
        since_us = np.where(moved, at_us, self._moved_us[places])
        for before, after in again:
            if not moved[after]:
                since_us[after] = since_us[before]
        self.prices.put(places, texts, near)
        self.at_us[places], self._moved_us[places] = at_us, since_us
        jumps = _jumps(known_texts, known, texts, near)
        frozen = ~moved & (at_us - since_us > FROZEN_US)
        frozen &= self._moved_us[tokens].max(axis=1, initial=0) > at_us - FROZEN_US
        self.suspect[places] = marked = jumps | frozen
        return [(int(place), "jump" if jumps[place] else "frozen") for place in np.flatnonzero(marked)]

    def _again(self, tokens: Ints, sources: Ints) -> list[tuple[int, int]]:
        """Ticks of one token and source that follow on each other, by their places, each with the one before it."""
        keys = tokens * self.at_us.shape[1] + sources
        order = keys.argsort(kind="stable")
        ordered = keys[order]
        same = np.flatnonzero(ordered[1:] == ordered[:-1])
        return list(zip(order[same].tolist(), order[same + 1].tolist(), strict=True))

    def forget(self, before_us: int) -> None:
        """Sources that were silent since then are none any more."""
        silent = self.at_us < before_us
        self.prices.clear(silent)
        self.at_us[silent], self._moved_us[silent], self.suspect[silent] = 0, 0, False


def _jumps(known_texts: Objects, known: Floats, texts: Objects, near: Floats) -> Flags:
    jumps, doubt = exceeds(np.abs(near - known), known, JUMP_BPS)
    for place in np.flatnonzero(doubt):
        before = Decimal(known_texts[place])
        jumps[place] = abs(Decimal(texts[place]) - before) > before * JUMP
    return jumps
