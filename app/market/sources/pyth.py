"""Pyth through Hermes: prices with the publisher's own time and with how sure it is."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.market.queries.listings import Listing
from app.market.rules.ticks import GivenTick
from app.market.sources.polling import Questions, poll
from app.market.sources.port import Outlet

ADDRESS = "https://hermes.pyth.network/v2/updates/price/latest"
NAMES_PER_CALL = 50
EVERY_MS = 400
"""Its limit is 30 calls in 10 seconds."""
WIDEST_BPS = 100
"""A price whose confidence interval is wider to either side says too little to be used."""


class Pyth:
    name = "pyth"

    def __init__(self, *, address: str = ADDRESS, key: str = "", every_ms: int = EVERY_MS) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._questions = Questions(headers, NAMES_PER_CALL, every_ms, self._query)
        self._address = address
        self._last: dict[str, tuple[int, str]] = {}

    async def run(self, outlet: Outlet) -> None:
        await poll(outlet, self._questions, self._read)

    def _query(self, names: Sequence[str]) -> tuple[str, Mapping[str, str | list[str]]]:
        return self._address, {"ids[]": list(names), "parsed": "true", "ignore_invalid_price_ids": "true"}

    def _read(self, document: Any, named: Mapping[str, Listing], outlet: Outlet) -> list[GivenTick]:
        """What was published before, or word for word at the same second, is no news."""
        known = {name.removeprefix("0x").lower(): listing for name, listing in named.items()}
        ticks = []
        for feed in document["parsed"]:
            listing, told = known.get(feed["id"].removeprefix("0x").lower()), feed["price"]
            if listing is None:
                outlet.refuse("no_price")
                continue
            news = (int(told["publish_time"]), str(told["price"]))
            last = self._last.get(listing.mint, (0, ""))
            if news[0] < last[0] or news == last:
                continue
            self._last[listing.mint] = news
            units, spread = int(told["price"]), int(told["conf"])
            if units > 0 and spread * 10_000 > units * WIDEST_BPS:
                outlet.refuse("too_uncertain")
                continue
            price = Decimal(units).scaleb(int(told["expo"]))
            ticks.append(GivenTick(listing.mint, self.name, price, None, None, news[0] * 1_000_000))
        return ticks
