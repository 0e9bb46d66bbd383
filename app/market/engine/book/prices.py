"""Prices of many tokens side by side: each as text with all its digits, and nearly, as a float.

Floats decide the clear cases, a floating-point filter: what they say is what all digits would say, or nothing. A float
is off by less than a part in 10^15, so only a question whose answer changes nearer than that is left to exact numbers,
which cost many times as much.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar

import numpy as np
import orjson
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]
Places = Any
"""What numpy takes as an index: numbers of tokens, or a pair of such, for a token and a source."""
Shape = int | tuple[int, int]
Scalar = TypeVar("Scalar", bound=np.generic)

DOUBT_BPS = 0.000001
"""Nearer than this to where an answer changes nothing is said. It is a thousand times what floats can be off here."""
CLEAR_BPS = 1_000_000
"""Up to here floats are off by so little."""
HALF = 0.5


def grown(old: NDArray[Scalar], shape: Shape, fill: object) -> NDArray[Scalar]:
    """The same, with room for more."""
    new = np.full(shape, fill, dtype=old.dtype)
    new[tuple(slice(size) for size in old.shape)] = old
    return new


def nearly(texts: Sequence[str]) -> Floats:
    """The nearest float of each price, which a reader of JSON finds several times as quickly as `float` does."""
    return np.array(orjson.loads(f"[{','.join(texts)}]"), np.float64)


def moments(texts: Sequence[str]) -> Ints:
    """Whole numbers; most ticks of a call are of one moment."""
    numbers = {text: int(text) for text in set(texts)}
    return np.fromiter(map(numbers.__getitem__, texts), np.int64, len(texts))


def objects(values: Sequence[object]) -> Objects:
    return np.array(values, dtype=object)


def plain(number: Decimal) -> str:
    """Without an exponent. Most numbers are written so by themselves, which is quicker than to ask for it."""
    text = str(number)
    return format(number, "f") if "E" in text else text


def bps_nearly(part: Floats, whole: Floats) -> tuple[Ints, Flags]:
    """Whole basis points, half away from zero, as `changes.bps_of` tells them; and where that is sure."""
    with np.errstate(invalid="ignore"):
        share = part / whole * 10_000
        nearest = np.floor(share + HALF)
        sure = (np.abs(share) < CLEAR_BPS) & (np.abs(share - nearest) < HALF - DOUBT_BPS)
    return np.where(sure, nearest, 0).astype(np.int64), sure


def exceeds(part: Floats, whole: Floats, limit_bps: int) -> tuple[Flags, Flags]:
    """Whether a part is more than so many basis points; and where only all digits can tell."""
    share = part / whole * 10_000
    return share > limit_bps, np.abs(share - limit_bps) < DOUBT_BPS


class Prices:
    """One of each token, or of each token and source. Where there is none: no text, and NaN."""

    def __init__(self, shape: Shape = 0) -> None:
        self.texts: Objects = np.full(shape, "", dtype=object)
        self.near: Floats = np.full(shape, np.nan)

    def grow(self, shape: Shape) -> None:
        self.texts, self.near = grown(self.texts, shape, ""), grown(self.near, shape, np.nan)

    def put(self, places: Places, texts: Any, near: Any) -> None:
        self.texts[places], self.near[places] = texts, near

    def put_exact(self, place: int, price: Decimal | None) -> None:
        text = "" if price is None else plain(price)
        self.put(place, text, float(text or "nan"))

    def clear(self, places: Places = slice(None)) -> None:
        self.put(places, "", np.nan)

    def exact(self, place: int) -> Decimal | None:
        text = self.texts[place]
        return Decimal(text) if text else None

    def copy(self) -> "Prices":
        other = Prices()
        other.texts, other.near = self.texts.copy(), self.near.copy()
        return other


class Extremes(Prices):
    """The highest or the lowest price of each token."""

    def __init__(self, is_beyond: Callable[[Any, Any], Any]) -> None:
        super().__init__()
        self._is_beyond: Final = is_beyond

    def reach(self, tokens: Ints, texts: Objects, near: Floats) -> None:
        """Takes in one price of each of these tokens."""
        known, known_texts = self.near[tokens], self.texts[tokens]
        beyond = np.isnan(known) | self._is_beyond(near, known)
        for place in np.flatnonzero((near == known) & (texts != known_texts)):
            beyond[place] = self._is_beyond(Decimal(texts[place]), Decimal(known_texts[place]))
        self.put(tokens[beyond], texts[beyond], near[beyond])
