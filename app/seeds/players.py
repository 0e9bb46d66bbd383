"""Players that never were, and what they trade with the cash they have."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from random import Random

from solders.keypair import Keypair

from app.seeds.prices import TOKENS, Listed, Market, moved

FIRST = (
    "quiet", "brave", "lucky", "salty", "golden", "sleepy", "rapid", "cosmic", "frosty", "humble", "velvet", "electric",
)  # fmt: skip
SECOND = (
    "otter", "falcon", "panda", "lynx", "badger", "heron", "gecko", "walrus", "magpie", "ferret", "bison", "kraken",
)  # fmt: skip
SLIPPAGE_BPS = 15
PLACES = 6


@dataclass(frozen=True)
class Player:
    number: int

    @property
    def wallet(self) -> str:
        """Somebody's: an address with a key, which money could be sent to."""
        seed = hashlib.sha256(f"demo player {self.number}".encode()).digest()
        return str(Keypair.from_seed(seed).pubkey())

    @property
    def nickname(self) -> str:
        pairs = len(FIRST) * len(SECOND)
        second, first = divmod(self.number * 59 % pairs, len(FIRST))
        again = self.number // pairs
        return f"{FIRST[first]}-{SECOND[second]}" + (f"-{again + 1}" if again else "")


@dataclass(frozen=True)
class Move:
    """A trade at a millisecond of the contest."""

    at_ms: int
    mint: str
    side: str
    quantity: Decimal
    price: Decimal


def cut(quantity: Decimal, token: Listed) -> Decimal:
    """Down to the digits the token has, or the few that people trade."""
    return quantity.quantize(Decimal(1).scaleb(-min(PLACES, token.decimals)), ROUND_DOWN)


def wander(chance: Random, market: Market, balance: Decimal, until_s: int) -> list[Move]:
    """Two to twelve trades that never spend cash or tokens that are not there."""
    cash, held = balance, defaultdict[Listed, Decimal](Decimal)
    moves = []
    for at_ms in sorted(chance.sample(range(1_000, until_s * 1000), chance.randint(2, 12))):
        owned = [token for token in TOKENS if held[token]]
        is_sale = bool(owned) and chance.randrange(5) < 2
        token = chance.choice(owned) if is_sale else chance.choice(TOKENS)
        price = moved(market.price(token.mint, at_ms // 1000), chance.randint(-SLIPPAGE_BPS, SLIPPAGE_BPS))
        share = Decimal(chance.randint(20, 100) if is_sale else chance.randint(5, 20)) / 100
        quantity = cut((held[token] if is_sale else cash / price) * share, token)
        if quantity:
            sign = -1 if is_sale else 1
            held[token] += sign * quantity
            cash -= sign * quantity * price
            moves.append(Move(at_ms, token.mint, "sell" if is_sale else "buy", quantity, price))
    return moves


def foresee(market: Market, balance: Decimal, until_s: int) -> list[Move]:
    """Nearly all cash into the token that will gain most: nobody who wanders earns as much."""
    token = market.best(until_s)
    price = market.price(token.mint, 30)
    quantity = cut(balance * Decimal("0.9") / price, token)
    return [Move(30_500, token.mint, "buy", quantity, price)]
