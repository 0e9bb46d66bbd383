"""DexScreener: the price of a token's deepest pool. It gives no time: a price is as old as its answer."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from time import time_ns
from typing import Any

from app.market.queries.listings import Listing
from app.market.rules.ticks import GivenTick
from app.market.sources.polling import Questions, poll
from app.market.sources.port import Outlet

ADDRESS = "https://api.dexscreener.com/tokens/v1/solana"
NAMES_PER_CALL = 30
EVERY_MS = 1_000
"""Its limit is 300 calls a minute."""


class DexScreener:
    name = "dexscreener"

    def __init__(self, *, address: str = ADDRESS, every_ms: int = EVERY_MS) -> None:
        self._questions = Questions({}, NAMES_PER_CALL, every_ms, self._query)
        self._address = address.rstrip("/")

    async def run(self, outlet: Outlet) -> None:
        await poll(outlet, self._questions, self._read)

    def _query(self, names: Sequence[str]) -> tuple[str, Mapping[str, str | list[str]]]:
        return f"{self._address}/{','.join(names)}", {}

    def _read(self, document: Any, named: Mapping[str, Listing], outlet: Outlet) -> list[GivenTick]:
        """Of all pools in which the token is the one that is priced, the one with the most dollars in it counts."""
        deepest: dict[str, tuple[Decimal, str]] = {}
        for pair in document:
            name, price = pair["baseToken"]["address"], pair.get("priceUsd")
            if name not in named:
                continue
            if price is None:
                outlet.refuse("no_price")
                continue
            depth = Decimal(str((pair.get("liquidity") or {}).get("usd") or 0))
            if name not in deepest or depth > deepest[name][0]:
                deepest[name] = (depth, str(price))
        now_us = time_ns() // 1000
        return [
            GivenTick(named[name].mint, self.name, price, None, None, now_us) for name, (_, price) in deepest.items()
        ]
