"""Frames as the engine sends them, by a hand that decides what they say and when."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from redis import Redis

from app.core import engines
from app.market.rules.frames import Frame, PlainRow, document
from app.market.rules.wire import FRAMES, SNAPSHOT

TOKENS = 40


def row(token_id: int, price: str) -> PlainRow:
    return [token_id, price, 1_700_000_000_000, 12, -5, None, "1000", "2", "1", 3, 4, None]


class Teller:
    """A market of which every price is the number of the frame that changed it."""

    def __init__(self, address: str, *, epoch: int = 7) -> None:
        self._valkey: Any = Redis.from_url(address)
        self.epoch, self.seq = epoch, 0
        self.rows = {token_id: row(token_id, "0") for token_id in range(1, TOKENS + 1)}

    def frame(self, *token_ids: int, status: Any = None) -> bytes:
        """The next frame, in which these tokens change."""
        self.seq += 1
        for token_id in token_ids:
            self.rows[token_id] = row(token_id, str(self.seq))
        oldest = time.time_ns() // 1000 if token_ids else None
        rows = [self.rows[token_id] for token_id in token_ids]
        return orjson.dumps(document(Frame(self.epoch, self.seq, _now_ms(), oldest, rows, status)))

    def tell(self, *token_ids: int, status: Any = None) -> None:
        self._valkey.publish(FRAMES, self.frame(*token_ids, status=status))

    def is_heard_by(self, processes: int) -> bool:
        return bool(self._valkey.pubsub_numsub(FRAMES)[0][1] == processes)

    def snapshot(self) -> None:
        whole = Frame(self.epoch, self.seq, _now_ms(), None, list(self.rows.values()), None, {"1": 40})
        self._valkey.set(SNAPSHOT, orjson.dumps(document(whole)))

    def close(self) -> None:
        self._valkey.delete(SNAPSHOT)
        self._valkey.close()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


@contextmanager
def own_valkey(home: Path) -> Iterator[str]:
    """Its address. Frames are heard by everybody on a Valkey, so tests of them have one of their own."""
    try:
        engines.ensure_valkey(home)
        yield engines.valkey_address(home)
    finally:
        engines.stop(home)
        engines.remove(home)
