"""Coinbase Advanced Trade: the ticker of its products, over a WebSocket that must never fall silent or skip."""

import asyncio
import json
from collections.abc import Mapping
from time import monotonic_ns
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from app.market.queries.listings import Listing
from app.market.rules.ticks import GivenTick, moment
from app.market.sources.fetching import CONNECT_S, USER_AGENT, exact
from app.market.sources.polling import understood
from app.market.sources.port import Outlet, Trouble

ADDRESS = "wss://advanced-trade-ws.coinbase.com"
CHANNELS = ("heartbeats", "ticker")
SILENT_S = 5
"""Heartbeats come every second."""
HAND_OVER_MS = 20
MAX_BYTES = 1024 * 1024
IDLE_S = 5


class Coinbase:
    name = "coinbase"

    def __init__(self, *, address: str = ADDRESS) -> None:
        self._address = address

    async def run(self, outlet: Outlet) -> None:
        while not outlet.listed():
            await asyncio.sleep(IDLE_S)
        try:
            async with connect(
                self._address, open_timeout=CONNECT_S, close_timeout=1, max_size=MAX_BYTES, proxy=None,
                user_agent_header=USER_AGENT, compression=None,
            ) as socket:  # fmt: skip
                await self._listen(socket, outlet)
        except TimeoutError as error:
            raise Trouble(f"no connection within {CONNECT_S} s") from error
        except (OSError, WebSocketException) as error:
            raise Trouble(f"the connection broke: {type(error).__name__}") from error

    async def _listen(self, socket: ClientConnection, outlet: Outlet) -> None:
        """Of what comes faster than it is taken, the newest of each token wins: memory and delay stay bounded."""
        listings = outlet.listed()
        named = {listing.name: listing for listing in listings}
        for channel in CHANNELS:
            await socket.send(json.dumps({"type": "subscribe", "channel": channel, "product_ids": list(named)}))
        expected: int | None = None
        newest: dict[str, GivenTick] = {}
        due_ns = 0
        while listings is outlet.listed():
            document = await _next(socket, HAND_OVER_MS / 1000 if newest else SILENT_S)
            if document is not None:
                expected = _in_sequence(document, expected)
                newest |= {tick.mint: tick for tick in understood(self._read, document, named, outlet)}
            elif not newest:
                raise Trouble(f"silent for {SILENT_S} s")
            if newest and (document is None or monotonic_ns() >= due_ns):
                outlet.give(list(newest.values()))
                newest.clear()
                due_ns = monotonic_ns() + HAND_OVER_MS * 1_000_000

    def _read(self, document: Any, named: Mapping[str, Listing], outlet: Outlet) -> list[GivenTick]:
        if document["channel"] != "ticker":
            return []
        at_us = moment(document["timestamp"])
        ticks = []
        for told in (ticker for event in document["events"] for ticker in event["tickers"]):
            listing = named.get(told["product_id"])
            if listing is None:
                outlet.refuse("no_price")
            else:
                ticks.append(GivenTick(listing.mint, self.name, str(told["price"]), None, None, at_us))
        return ticks


async def _next(socket: ClientConnection, patience_s: Any) -> Any:
    """The next message; None when none comes in time."""
    try:
        async with asyncio.timeout(patience_s):
            return exact(await socket.recv())
    except TimeoutError:
        return None


def _in_sequence(document: Any, expected: int | None) -> int:
    """The number that must come next: each message of a connection has one of its own, without gaps."""
    told = document if isinstance(document, dict) else {}
    if told.get("type") == "error":
        raise Trouble("refuses our subscription")
    number = told.get("sequence_num")
    if not isinstance(number, int):
        raise Trouble("answers in another form than documented: a message without its number")
    if expected is not None and number != expected:
        raise Trouble(f"skipped from message {expected - 1} to {number}; subscribing anew")
    return number + 1
