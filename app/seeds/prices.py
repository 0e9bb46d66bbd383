"""A market that never was: prices that wander, and what three sources say of them. The same chance, the same market."""

import hashlib
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from random import Random

from solders.pubkey import Pubkey

STEP_S = 10
STEP_BPS = 25
SOURCES = ("alpha", "bravo", "charlie")
NOISE_BPS = 8
SILENT_ONCE_IN = 40
DIGITS = 8


@dataclass(frozen=True)
class Listed:
    """A token of the demo and about what it costs."""

    symbol: str
    name: str
    decimals: int
    price: Decimal

    @property
    def mint(self) -> str:
        return key_of(f"token {self.symbol}")


@dataclass(frozen=True)
class Quote:
    """A price at a millisecond of the contest."""

    at_ms: int
    mint: str
    source: str
    price: Decimal
    volume: int


TOKENS = (
    Listed("SOL", "Solana", 9, Decimal("142.3")),
    Listed("JUP", "Jupiter", 6, Decimal("0.8215")),
    Listed("BONK", "Bonk", 5, Decimal("0.00002131")),
    Listed("WIF", "dogwifhat", 6, Decimal("1.924")),
    Listed("PYTH", "Pyth Network", 6, Decimal("0.3172")),
    Listed("RAY", "Raydium", 6, Decimal("2.271")),
    Listed("ORCA", "Orca", 6, Decimal("3.118")),
    Listed("HNT", "Helium", 8, Decimal("5.402")),
    Listed("RENDER", "Render", 8, Decimal("6.873")),
    Listed("POPCAT", "Popcat", 9, Decimal("0.6134")),
    Listed("MEW", "cat in a dogs world", 5, Decimal("0.004518")),
    Listed("W", "Wormhole", 6, Decimal("0.2846")),
)

SLEEPY = Listed("NAP", "Sleepy Cat", 6, Decimal("0.007132"))
"""Its sources nap (app/market/sources/naps.py): only the simulated platform's contests trade it."""


def key_of(name: str) -> str:
    """An address that belongs to nobody, always the same for a name."""
    return str(Pubkey(hashlib.sha256(f"demo {name}".encode()).digest()))


def moved(price: Decimal, bps: int) -> Decimal:
    """The price, moved by so many hundredths of a percent, with the digits a market quotes."""
    exact = price * (10_000 + bps) / 10_000
    return exact.quantize(Decimal(1).scaleb(exact.adjusted() - DIGITS + 1), ROUND_DOWN)


class Market:
    """Every token's price at every tenth second of a contest, made once."""

    def __init__(self, chance: Random, lasts_s: int) -> None:
        self._paths = {token.mint: self._walk(chance, token.price, lasts_s) for token in TOKENS}

    def price(self, mint: str, second: int) -> Decimal:
        return self._paths[mint][second // STEP_S]

    def best(self, until_s: int) -> Listed:
        """The token that gains most from the start on."""
        return max(TOKENS, key=lambda token: self.price(token.mint, until_s) / self.price(token.mint, 0))

    def quotes(self, chance: Random, mint: str, seconds: range) -> list[Quote]:
        """What the sources say, in the order received."""
        said = []
        for second in seconds:
            for number, source in enumerate(SOURCES):
                if chance.randrange(SILENT_ONCE_IN):
                    price = moved(self.price(mint, second), chance.randint(-NOISE_BPS, NOISE_BPS))
                    at_ms = second * 1000 + 150 + 250 * number
                    said.append(Quote(at_ms, mint, source, price, chance.randint(1, 900)))
        return said

    @staticmethod
    def _walk(chance: Random, price: Decimal, lasts_s: int) -> list[Decimal]:
        path = [moved(price, chance.randint(-300, 300))]
        for _ in range(lasts_s // STEP_S):
            path.append(moved(path[-1], chance.randint(-STEP_BPS, STEP_BPS)))
        return path
