"""Jupiter Price API v3: dollars by mint, aggregated over Solana's exchanges. It gives no time, only a block."""

from collections.abc import Mapping, Sequence
from time import time_ns
from typing import Any

from app.market.queries.listings import Listing
from app.market.rules.ticks import GivenTick
from app.market.sources.polling import Questions, poll
from app.market.sources.port import Outlet

ADDRESS = "https://api.jup.ag/price/v3"
NAMES_PER_CALL = 50
KEYLESS_EVERY_MS, KEYED_EVERY_MS = 2_100, 1_050
"""Its limits are 30 calls a minute, and 60 with a key of the free plan."""


class Jupiter:
    name = "jupiter"

    def __init__(self, *, address: str = ADDRESS, key: str = "", every_ms: int | None = None) -> None:
        pace = every_ms or (KEYED_EVERY_MS if key else KEYLESS_EVERY_MS)
        self._questions = Questions({"x-api-key": key} if key else {}, NAMES_PER_CALL, pace, self._query)
        self._address = address
        self._blocks: dict[str, int] = {}

    async def run(self, outlet: Outlet) -> None:
        await poll(outlet, self._questions, self._read)

    def _query(self, names: Sequence[str]) -> tuple[str, Mapping[str, str | list[str]]]:
        return self._address, {"ids": ",".join(names)}

    def _read(self, document: Any, named: Mapping[str, Listing], outlet: Outlet) -> list[GivenTick]:
        """A price of a block we have heard of already is no news, and gets no tick. Unreliable tokens are left out."""
        now_us = time_ns() // 1000
        ticks = []
        for name, told in document.items():
            listing = named.get(name)
            if listing is None or told is None or told.get("usdPrice") is None or told.get("blockId") is None:
                outlet.refuse("no_price")
            elif int(told["blockId"]) > self._blocks.get(name, -1):
                self._blocks[name] = int(told["blockId"])
                ticks.append(GivenTick(listing.mint, self.name, str(told["usdPrice"]), None, None, now_us))
        return ticks
