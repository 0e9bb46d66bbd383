"""Believable contest bundles out of chance: the same chance and time, the same bundle."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from app.contests.forms.bundle import FORMAT
from app.contests.rules.tiebreakers import TIEBREAKERS
from app.seeds.players import Move, Player, foresee, wander
from app.seeds.prices import TOKENS, Market

BALANCE = Decimal(10_000)
PLAYERS = 400
QUOTED_BEFORE_S = 30
SETTLED_IN_S = 60
SILENT_S = 40


@dataclass(frozen=True)
class Plan:
    """A contest to make, from now on. `foreseeing` players make the same best trade; `stale` stops its token's feed."""

    code: str
    name: str
    starts_in: timedelta
    lasts: timedelta
    players: int
    foreseeing: int = 0
    disqualified: int = 0
    stale: bool = False
    entry_fee_lamports: int = 100_000_000
    sponsored_lamports: int = 0
    tie_policy: str = "review"

    @property
    def window_s(self) -> int:
        """The usual one for a contest of that length."""
        return 1800 if self.lasts >= timedelta(hours=24) else 300 if self.lasts >= timedelta(hours=2) else 60


def bundle(plan: Plan, *, chance: Random, now: datetime) -> dict[str, Any]:
    """The contest as it stands at `now`: what has not happened yet is not in it."""
    return Play(plan, chance, now).document()


class Play:
    """A plan being played. `past_s` seconds of the contest are over."""

    def __init__(self, plan: Plan, chance: Random, now: datetime) -> None:
        self.plan = plan
        self.chance = chance
        self.starts_at = now + plan.starts_in
        lasts_s = int(plan.lasts.total_seconds())
        self.past_s = max(0, min(lasts_s, int((now - self.starts_at).total_seconds())))
        self.market = Market(chance, lasts_s)
        self.players = [Player(number) for number in chance.sample(range(PLAYERS), plan.players)]

    def document(self) -> dict[str, Any]:
        tokens = [
            {"mint": token.mint, "symbol": token.symbol, "name": token.name, "decimals": token.decimals}
            for token in TOKENS
        ]
        entries = [self._entry(player, position) for position, player in enumerate(self.players)]
        return {
            "format": FORMAT, "contest": self._terms(), "tokens": tokens, "entries": entries,
            "trades": self._trades(), "ticks": self._ticks(),
        }  # fmt: skip

    def _terms(self) -> dict[str, Any]:
        plan = self.plan
        return {
            "code": plan.code, "name": plan.name,
            "starts_at": _iso(self.starts_at), "ends_at": _iso(self.starts_at + plan.lasts),
            "entry_fee_lamports": plan.entry_fee_lamports, "sponsored_lamports": plan.sponsored_lamports,
            "platform_fee_bps": 1000, "prize_split_bps": [6900, 2000, 1100], "min_participants": 2,
            "initial_balance": str(BALANCE), "score_decimals": 2, "tie_policy": plan.tie_policy,
            "tiebreakers": list(TIEBREAKERS),
            "settlement": {
                "window_s": plan.window_s, "max_age_ms": 3000, "min_sources": 2, "max_deviation_bps": 200,
                "trim_bps": 2000, "min_coverage_bps": 9000, "max_gap_s": 5, "max_final_gap_s": 2,
                "max_source_spread_bps": 100,
            },
        }  # fmt: skip

    def _entry(self, player: Player, position: int) -> dict[str, Any]:
        return {
            "wallet": player.wallet,
            "nickname": player.nickname,
            "joined_at": _iso(self.starts_at - timedelta(seconds=self.chance.randint(60, 40_000))),
            "disqualified": position >= self.plan.players - self.plan.disqualified,
        }

    def _trades(self) -> list[dict[str, Any]]:
        if self.past_s < SETTLED_IN_S:
            return []
        made = [(move, player) for position, player in enumerate(self.players) for move in self._moves(position)]
        made.sort(key=lambda trade: trade[0].at_ms)
        return [
            {
                "wallet": player.wallet, "mint": move.mint, "side": move.side, "quantity": f"{move.quantity:f}",
                "price": f"{move.price:f}", "executed_at": self._at(move.at_ms),
            }
            for move, player in made
        ]  # fmt: skip

    def _moves(self, position: int) -> list[Move]:
        if position < self.plan.foreseeing:
            return foresee(self.market, BALANCE, self.past_s)
        return wander(self.chance, self.market, BALANCE, self.past_s)

    def _ticks(self) -> list[dict[str, Any]]:
        stale = self.market.best(self.past_s) if self.plan.stale else None
        since_s = max(0, self.past_s - self.plan.window_s - QUOTED_BEFORE_S)
        said = []
        for token in TOKENS:
            until_s = self.past_s - (SILENT_S if token is stale else 0)
            said += self.market.quotes(self.chance, token.mint, range(since_s, until_s))
        said.sort(key=lambda quote: quote.at_ms)
        return [
            {
                "mint": quote.mint, "source": quote.source, "price": f"{quote.price:f}", "volume": str(quote.volume),
                "at": self._at(quote.at_ms),
            }
            for quote in said
        ]  # fmt: skip

    def _at(self, millisecond: int) -> str:
        return _iso(self.starts_at + timedelta(milliseconds=millisecond))


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
