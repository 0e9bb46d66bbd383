"""Who plays a contest of the platform and what they wish to trade when: all of it follows from the contest's code.

So whoever plays on after a restart plays the same, and what was told before is known already.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Literal

from app.seeds.contests import PLAYERS
from app.seeds.platform.scenes import LENGTH, Scene
from app.seeds.players import Player, cut
from app.seeds.prices import SLEEPY, TOKENS, Listed, moved
from clients.degenduel.shapes import TradeTold

BALANCE = Decimal(10_000)
FIRST_S, LAST_S = 3, int(LENGTH.total_seconds()) - 22
"""Seconds of the contest in which somebody trades; the last ones are before any nap."""
TRIP_S = 7
SOLD = 98
"""An ace keeps this much less than all, so that prices still mean something."""
ACE_BPS, CROWD_BPS = 55, 15
"""How much better than the market aces trade, and the crowd at most, or worse; the platform allows 100."""

Priced = Callable[[Listed, int], Decimal | None]
"""The market's price of a token at a second of the contest; None when there is none."""


@dataclass(frozen=True)
class Wish:
    """`share` of the cash, or of what is held, in hundredths; `better_bps` than the market."""

    second: int
    side: Literal["buy", "sell"]
    token: Listed
    share: int
    better_bps: int


@dataclass(frozen=True)
class Part:
    """A player and all that they wish to trade, in order."""

    player: Player
    wishes: Sequence[Wish]


@dataclass(frozen=True)
class Deal:
    """A wish at the market's price. `reference` is the platform's own id of the trade."""

    reference: str
    wallet: str
    mint: str
    side: Literal["buy", "sell"]
    quantity: Decimal
    price: Decimal
    second: int

    def as_told(self, starts_at: datetime) -> TradeTold:
        at = starts_at + timedelta(seconds=self.second)
        return {
            "id": self.reference, "wallet": self.wallet, "mint": self.mint, "side": self.side,
            "quantity": f"{self.quantity:f}", "price": f"{self.price:f}", "executed_at": at.isoformat(),
        }  # fmt: skip


def tokens_of(scene: Scene) -> tuple[Listed, ...]:
    return (*TOKENS, SLEEPY) if scene.naps else TOKENS


def cast(code: str, scene: Scene) -> tuple[Part, ...]:
    chance = Random(code)  # noqa: S311 (plays a demo, keeps no secret)
    players = [Player(number) for number in chance.sample(range(PLAYERS), scene.players)]
    aces = [_ace(chance, trips) for trips in range(scene.aces, 0, -1)]
    aces[: scene.twins] = aces[:1] * min(scene.twins, len(aces))
    wishes = [*aces, *(_wander(chance, scene) for _ in range(scene.players))]
    return tuple(Part(player, of_player) for player, of_player in zip(players, wishes, strict=False))


def deals(code: str, part: Part, priced: Priced) -> Iterator[Deal]:
    """What becomes of the wishes; nothing of those without a price or a thing to sell."""
    cash, held = BALANCE, dict[Listed, Decimal]()
    for number, wish in enumerate(part.wishes):
        market = priced(wish.token, wish.second)
        if market is None:
            continue
        is_buy = wish.side == "buy"
        price = moved(market, -wish.better_bps if is_buy else wish.better_bps)
        whole = cash / price if is_buy else held.get(wish.token, Decimal(0))
        quantity = cut(whole * wish.share / 100, wish.token)
        if not quantity:
            continue
        sign = 1 if is_buy else -1
        cash -= sign * quantity * price
        held[wish.token] = held.get(wish.token, Decimal(0)) + sign * quantity
        yield Deal(
            f"{code}:{part.player.number}:{number}", part.player.wallet, wish.token.mint, wish.side, quantity, price,
            wish.second,
        )  # fmt: skip


def _ace(chance: Random, trips: int) -> list[Wish]:
    """In and out again so many times: a gain that no market of the last minute takes away."""
    wishes = []
    for second in sorted(chance.sample(range(FIRST_S, LAST_S - TRIP_S, TRIP_S + 1), trips)):
        token = chance.choice(TOKENS)
        wishes.append(Wish(second, "buy", token, 90, ACE_BPS))
        wishes.append(Wish(second + TRIP_S, "sell", token, SOLD, ACE_BPS))
    return wishes


def _wander(chance: Random, scene: Scene) -> list[Wish]:
    """A few tokens bought for a part of the cash and mostly kept; one of them sleeps where the scene wants that."""
    wishes = []
    seconds = sorted(chance.sample(range(FIRST_S + 22, LAST_S), chance.randint(2, 5)))
    for place, second in enumerate(seconds):
        token = SLEEPY if scene.naps and place == 0 else chance.choice(TOKENS)
        wishes.append(Wish(second, "buy", token, chance.randint(5, 20), chance.randint(-CROWD_BPS, CROWD_BPS)))
    if chance.randrange(2):
        first = wishes[0]
        wishes.append(Wish(LAST_S, "sell", first.token, 50, chance.randint(-CROWD_BPS, CROWD_BPS)))
    return wishes
