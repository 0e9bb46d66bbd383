"""Ways of keeping the latest prices of a thousand tokens that all change every 100 ms, and what each costs.

Ours keeps them in Valkey, with the frames that tell of them, and writes them to the database once a second.
"""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from statistics import median
from typing import Any

from sqlalchemy import insert

from app.core.extensions import db, valkey
from app.market.engine.frames import Press
from app.market.engine.stream import announce, keep, send
from app.market.models import Token
from app.market.rules.batches import Batch, Latest
from app.market.rules.frames import PlainRow
from app.market.service.storing import store
from bench.kit.instance import instance, superuser
from bench.kit.rounds import machine
from tests.contests.bundles import address

TOKENS, A_SECOND, MOST_MS = 1000, 10, 2.0
BY_ROW, MANY, ARRAYS, OURS = "row by row", "executemany", "one unnest each time", "cache, unnest once a second (ours)"
CACHE, DURABLE = "a frame and a snapshot into Valkey", "the write of a second"
UPSERT = (
    f"INSERT INTO latest_prices ({', '.join(Latest._fields)}) VALUES ({', '.join(['%s'] * len(Latest._fields))})"
    f" ON CONFLICT (token_id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in Latest._fields[1:])}"
)


def main() -> int:
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--rounds", type=int, default=20)
    rounds = wishes.parse_args().rounds
    with instance() as app, superuser(app) as server, app.app_context():
        tokens = [{"mint": address(f"bench {n}"), "symbol": "B", "name": "B", "decimals": 9, "reason": "b"}
                  for n in range(TOKENS)]  # fmt: skip
        db.session.execute(insert(Token), tokens)
        db.session.commit()
        return verdict(taken(server, rounds))


def taken(server: Any, rounds: int) -> dict[str, float]:
    """Milliseconds of each way, in turn: the middle of all rounds."""
    press, times = Press(epoch=1), dict[str, list[float]]()
    announce(valkey(), press.epoch)
    for number in range(rounds):
        changed = latest(number)
        ways: list[tuple[str, Callable[[], object]]] = [
            (BY_ROW, partial(by_row, server, changed)),
            (MANY, partial(many, server, changed)),
            (ARRAYS, partial(store, Batch(f"0-{2 * number}", f"0-{2 * number + 1}", "", changed))),
            (DURABLE, partial(store, Batch(f"0-{2 * number + 1}", f"0-{2 * number + 2}", "", latest(-number)))),
            (CACHE, partial(cached, press, [plain(one) for one in changed])),
        ]
        for name, way in ways:
            began = time.perf_counter()
            way()
            times.setdefault(name, []).append((time.perf_counter() - began) * 1000)
    return {name: median(of) for name, of in times.items()}


def latest(number: int) -> list[Latest]:
    """Every token with another price than in the round before."""
    price, at, volume = Decimal(number) / 100 + 147, datetime.now(UTC), Decimal("12.5")
    return [Latest(token, price, at, number, 2, 3, volume, price, price, 3, 4, None) for token in range(1, TOKENS + 1)]


def plain(one: Latest) -> PlainRow:
    token_id, price, at, m1, h1, d1, volume, high, low, *rest = one
    return [token_id, str(price), int(at.timestamp() * 1000), m1, h1, d1, str(volume), str(high), str(low), *rest]


def by_row(server: Any, changed: list[Latest]) -> None:
    with server.transaction(), server.cursor() as cursor:
        for one in changed:
            cursor.execute(UPSERT, one)


def many(server: Any, changed: list[Latest]) -> None:
    with server.transaction(), server.cursor() as cursor:
        cursor.executemany(UPSERT, changed)


def cached(press: Press, rows: list[PlainRow]) -> None:
    now_us = time.time_ns() // 1000
    frame = press.frame(now_us, rows, oldest=now_us, status=None)
    send(valkey(), press.epoch, frame)
    keep(valkey(), press.snapshot(now_us, rows, status=None, sentiments={}))


def verdict(ms: dict[str, float]) -> int:
    in_database = ms.pop(DURABLE) / A_SECOND
    cache = ms.pop(CACHE)
    for name, took in (ms | {OURS: in_database}).items():
        print(f"{name:<36}{took:>9.2f} ms of the database every 100 ms{ms[BY_ROW] / took:>9.1f} times less")
    print(f"{CACHE}: {cache:.2f} ms, writing both down included")
    holds = in_database <= MOST_MS
    print(f"{machine()}\n{'holds' if holds else 'MISSED'}: {in_database:.2f} ms in the database (at most {MOST_MS})")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
