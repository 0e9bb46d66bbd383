"""Frames as the engine sends them, when and with what a test says."""

import time
from typing import Any

import orjson
from redis import Redis

from app.market.rules.frames import Frame, PlainRow, document
from app.market.rules.wire import FRAMES, SNAPSHOT

SYMBOLS = ("BONK", "JUP", "SOL")
"""The tokens of the market that tests in a browser look at."""


class Engine:
    """Sends frames as the engine does, when and with what a test says."""

    def __init__(self, address: str, ids: dict[str, int]) -> None:
        """Its epoch is later than those of engines before it."""
        self._valkey: Any = Redis.from_url(address)
        self._ids, self._epoch, self._seq = ids, _now_ms(), 0
        self._rows: dict[int, PlainRow] = {}

    def know(self, ids: dict[str, int]) -> None:
        self._ids = self._ids | ids

    def change(self, **prices: str) -> bytes:
        """The next frame; a test may lose it. The snapshot knows of it in any case."""
        self._seq += 1
        rows = [_row(self._ids[symbol], price) for symbol, price in prices.items()]
        self._rows |= {row[0]: row for row in rows}
        whole = Frame(self._epoch, self._seq, _now_ms(), None, list(self._rows.values()), None, {})
        self._valkey.set(SNAPSHOT, orjson.dumps(document(whole)))
        frame = Frame(self._epoch, self._seq, _now_ms(), _now_ms() * 1000, rows)
        return orjson.dumps(document(frame))

    def tell(self, **prices: str) -> None:
        self.publish(self.change(**prices))

    def publish(self, frame: bytes) -> None:
        self._valkey.publish(FRAMES, frame)

    def close(self) -> None:
        self._valkey.close()


def _row(token_id: int, price: str) -> PlainRow:
    return [token_id, price, _now_ms(), 12, -345, None, "1000", price, price, 3, 4, None]


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
