"""What was traded of each token: since a part of its candle was handed over, in the running minute, and in the day."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np

from app.market.engine.book.prices import Ints, Objects, grown, objects, plain

ZERO = Decimal(0)
BUY, SELL = "buy", "sell"
SIDES = (BUY, SELL, "")
"""The last for those of which nobody told the side."""


class Volumes:
    """Of each token, by side."""

    def __init__(self) -> None:
        self.by_side: dict[str, Objects] = {side: objects([]) for side in SIDES}

    def grow(self, tokens: int) -> None:
        self.by_side = {side: grown(volumes, tokens, ZERO) for side, volumes in self.by_side.items()}

    def add(self, other: "Volumes") -> None:
        for side, volumes in other.by_side.items():
            self.by_side[side] = self.by_side[side] + volumes

    def clear(self) -> None:
        for volumes in self.by_side.values():
            volumes[:] = ZERO

    def of(self, tokens: Any) -> tuple[Any, Any, Any]:
        """All, bought and sold, of one token or of many."""
        bought, sold, unsided = (self.by_side[side][tokens] for side in SIDES)
        return bought + sold + unsided, bought, sold


class Trades:
    """Ticks are only noted while a frame waits for them, and added up a few times a second."""

    def __init__(self) -> None:
        self.part, self.minute = Volumes(), Volumes()
        self.day: Objects = objects([])
        self.day_texts: Objects = objects([])
        self._noted: list[tuple[Ints, Sequence[str], Sequence[str]]] = []

    def grow(self, tokens: int) -> None:
        self.part.grow(tokens)
        self.minute.grow(tokens)
        self.day, self.day_texts = grown(self.day, tokens, ZERO), grown(self.day_texts, tokens, "0")

    def note(self, tokens: Ints, sides: Sequence[str], volumes: Sequence[str]) -> None:
        self._noted.append((tokens, sides, volumes))

    def count(self) -> Ints:
        """Adds up what was noted; of which tokens there was any. Used within `exactly`."""
        keys, texts = self._sorted()
        ends = np.flatnonzero(np.diff(keys, append=-1)) + 1
        tokens, sides = np.divmod(keys[ends - 1], len(SIDES))
        spans = pairwise([0, *ends.tolist()])
        for token, side, (first, last) in zip(tokens.tolist(), sides.tolist(), spans, strict=True):
            amount = sum(map(Decimal, texts[first:last]), ZERO)
            self.part.by_side[SIDES[side]][token] += amount
            self.day[token] += amount
        self.day_texts[tokens] = objects([plain(volume) for volume in self.day[tokens]])
        return tokens

    def _sorted(self) -> tuple[Ints, list[str]]:
        """The volumes that were noted, by token and side, and a number for these."""
        tokens = np.concatenate([tokens for tokens, _, _ in self._noted] or [np.zeros(0, np.int64)])
        sides = [SIDES.index(side) for _, sides, _ in self._noted for side in sides]
        keys = tokens * len(SIDES) + np.array(sides, np.int64)
        texts = objects([volume for _, _, volumes in self._noted for volume in volumes])
        self._noted.clear()
        order = keys.argsort(kind="stable")
        order = order[texts[order] != ""]
        return keys[order], texts[order].tolist()

    def end_part(self) -> None:
        self.minute.add(self.part)
        self.part.clear()

    def begin_day(self, token: int, volume: Decimal) -> None:
        self.day[token], self.day_texts[token] = volume, plain(volume)
