"""Prices that wander without end and without memory: each is a function of the seed, the token and the time.

So whoever takes over goes on where the other stopped, and an hour can be made in a second. All in whole numbers:
`ppm` are millionths of the base price.
"""

from decimal import Decimal
from hashlib import sha256

from app.market.queries.listings import Listing

MASK = (1 << 64) - 1
MILLION = 1_000_000
WAVES = (
    (2_000, 200), (15_000, 600), (120_000, 2_200), (900_000, 7_000), (7_200_000, 18_000), (86_400_000, 40_000),
)  # fmt: skip
"""Length in ms and height in ppm: long waves are high, as in a random walk."""
MOVE_MS = 600_000
MOVE_ONCE_IN = 8
TILT_MS = 300_000
FLURRY_MS = 40_000
"""So long after a sudden move the volume is many times the usual."""
DIGITS = 6
PRICES = {
    "SOL": "142.3", "JUP": "0.8215", "BONK": "0.00002131", "WIF": "1.924", "PYTH": "0.3172", "RAY": "2.271",
    "ORCA": "3.118", "HNT": "5.402", "RENDER": "6.873", "POPCAT": "0.6134", "MEW": "0.004518", "W": "0.2846",
    "JTO": "2.644", "KMNO": "0.09127", "DRIFT": "0.7418", "TNSR": "0.3863", "MOODENG": "0.1179", "PENGU": "0.03244",
    "FARTCOIN": "1.207", "TRUMP": "8.915", "NAP": "0.007132",
}  # fmt: skip
"""About what the tokens of the demo cost; others get a price that their mint decides."""


def mixed(*numbers: int) -> int:
    """64 bits that look like chance and are the same for the same numbers (the finish of splitmix64)."""
    bits = 0x9E3779B97F4A7C15
    for number in numbers:
        bits = (bits ^ number) * 0xBF58476D1CE4E5B9 & MASK
        bits = (bits ^ bits >> 27) * 0x94D049BB133111EB & MASK
        bits ^= bits >> 31
    return bits


def key_of(mint: str) -> int:
    return int.from_bytes(sha256(mint.encode()).digest()[:8], "big")


class Wave:
    """Whole numbers between −top and top, joined by straight lines, one every `length_ms`."""

    def __init__(self, key: int, length_ms: int, top: int) -> None:
        self.key, self.length_ms, self.top = key, length_ms, top
        self._stretch = (-1, 0, 0)

    def at(self, at_ms: int) -> int:
        number, into_ms = divmod(at_ms, self.length_ms)
        if self._stretch[0] != number:
            self._stretch = (number, self._point(number), self._point(number + 1))
        _, left, right = self._stretch
        return left + (right - left) * into_ms // self.length_ms

    def _point(self, number: int) -> int:
        return mixed(self.key, number) % (2 * self.top + 1) - self.top


class Path:
    """The price of one token over time."""

    def __init__(self, listing: Listing, seed: int) -> None:
        self.listing = listing
        self.key = mixed(seed, key_of(listing.mint))
        base = base_price(listing)
        self.places = DIGITS - 1 - base.adjusted()
        self.base = int(base.scaleb(self.places))
        """The base price in units of its last digit."""
        self._liveliness = 60 + self.key % 120
        """Height of the waves, in per cent of the usual."""
        self._waves = [Wave(mixed(self.key, number), *wave) for number, wave in enumerate(WAVES)]
        self._tilt = Wave(mixed(self.key, TILT_MS), TILT_MS, 5)
        self._told: tuple[int, tuple[tuple[int, int], ...]] = (-1, ())

    def ppm(self, at_ms: int) -> int:
        """How far from its base the price is. A sudden move fades within MOVE_MS."""
        height = sum(wave.at(at_ms) for wave in self._waves) * self._liveliness // 100
        return height + sum(size - size * (at_ms - since) // MOVE_MS for since, size in self._moves(at_ms))

    def is_in_flurry(self, at_ms: int) -> bool:
        return any(at_ms - since < FLURRY_MS for since, _ in self._moves(at_ms))

    def buyers(self, at_ms: int) -> int:
        """How many of sixteen trades somebody bought."""
        return 8 + self._tilt.at(at_ms)

    def written(self, ppm: int) -> str:
        """The price so far from the base, with the digits a market quotes."""
        return plain(self.base * (MILLION + ppm) // MILLION, self.places)

    def _moves(self, at_ms: int) -> tuple[tuple[int, int], ...]:
        """The sudden moves that have begun and not yet faded, each with its moment and size."""
        number = at_ms // MOVE_MS
        if self._told[0] != number:
            self._told = (number, (*self._move(number - 1), *self._move(number)))
        return tuple(move for move in self._told[1] if 0 <= at_ms - move[0] < MOVE_MS)

    def _move(self, number: int) -> tuple[tuple[int, int], ...]:
        """None most of the time, else one of 3 to 9 per cent, up or down."""
        bits = mixed(self.key, MOVE_MS, number)
        if bits % MOVE_ONCE_IN:
            return ()
        size = 30_000 + (bits >> 40) % 60_000
        return ((number * MOVE_MS + (bits >> 20) % MOVE_MS, size if bits >> 63 else -size),)


def base_price(listing: Listing) -> Decimal:
    known = PRICES.get(listing.symbol)
    if known is not None:
        return Decimal(known)
    bits = mixed(key_of(listing.mint))
    return Decimal(1000 + bits % 9000).scaleb(-(2 + (bits >> 32) % 6))


def plain(units: int, places: int) -> str:
    """So many units (≥ 0) of the last of `places` (> 0) decimals, without an exponent."""
    text = str(units).rjust(places + 1, "0")
    return f"{text[:-places]}.{text[-places:]}"
