"""Ways of storing ticks in the partitioned table, and what ten thousand a second cost with all that goes along.

First the same thousand rows by each way, each in its own transaction; then our batches, with candles and latest prices.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from statistics import median, quantiles
from typing import Any

import psutil
from sqlalchemy import insert, text

from app.core.extensions import db
from app.market.engine.storing import copy_text
from app.market.models import Token
from app.market.rules.batches import TICK_COLUMNS, Batch, CandleBatch, CandlePart, Latest, tick_line
from app.market.rules.wire import Entry, encoded, joined
from app.market.service.storing import make_days, store
from bench.kit.instance import instance, superuser
from bench.kit.rounds import machine
from tests.contests.bundles import address

TOKENS, SOURCES, ROWS = 1000, ("raydium", "orca", "meteora", "phoenix"), 1000
A_SECOND, PARTS = 10_000, 4
LEAST_TO_ROWS, LEAST_TO_PREPARED, MOST_CPU, MOST_P99_MS = 25, 1.0, 0.12, 40
PREPARED, OURS, BY_ROW, COMMIT = "prepared COPY", "COPY of rewritten lines (ours)", "row by row", "a commit of one row"
Way = tuple[str, tuple[Callable[[], None], int]]
COLUMNS = ", ".join(TICK_COLUMNS)
COPY = f"COPY ticks ({COLUMNS}) FROM STDIN (NULL '')"
PLAIN_COPY = f"COPY ticks (feed_id, {COLUMNS}) FROM STDIN"
ONE = f"INSERT INTO ticks ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, NULL)"
ARRAYS = f"""INSERT INTO ticks ({COLUMNS}) SELECT t, s, p, v, d, a, NULL
  FROM unnest(%s::int[], %s::text[], %s::numeric[], %s::numeric[], %s::text[], %s::timestamptz[])
  AS told (t, s, p, v, d, a)"""


def main() -> int:
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--seconds", type=int, default=60)
    wishes.add_argument("--rounds", type=int, default=20)
    wish = wishes.parse_args()
    with instance() as app, superuser(app) as server, app.app_context():
        tokens = [{"mint": address(f"bench {n}"), "symbol": "B", "name": "B", "decimals": 9, "reason": "b"}
                  for n in range(TOKENS)]  # fmt: skip
        db.session.execute(insert(Token), tokens)
        db.session.commit()
        make_days(datetime.now(UTC))
        rates = compared(server, wish.rounds)
        cpu, late_ms = streamed(wish.seconds)
    return verdict(rates, cpu, late_ms)


def entry(number: int, at_us: int) -> Entry:
    """As the stream has it."""
    lines = [
        encoded(1 + n % TOKENS, SOURCES[n // TOKENS % len(SOURCES)], f"147.{n:06d}", volume="12.5", side="buy",
                at_us=at_us + n)
        for n in range(number)
    ]  # fmt: skip
    return Entry(joined(lines), at_us, number, {}, "bench")


def copied(server: Any, told: Entry) -> None:
    copy_ready(server, COPY, copy_text(told, {}))


def copy_ready(server: Any, statement: str, ready: str) -> None:
    with server.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(ready)


def plain(line: str) -> str:
    """A line as COPY takes it without any agreement: every column, and `\\N` for NULL."""
    return f"0\t{tick_line(line)[:-1]}\\N\n"


def unnested(server: Any, told: list[tuple[str, ...]]) -> None:
    *columns, stamps = zip(*told, strict=True)
    at = [datetime.fromtimestamp(int(stamp) / 1e6, UTC).isoformat() for stamp in stamps]
    server.execute(ARRAYS, ["{" + ",".join(column) + "}" for column in (*columns, at)])


def row_by_row(server: Any, told: list[tuple[str, ...]]) -> None:
    for *columns, stamp in told:
        server.execute(ONE, (*columns, datetime.fromtimestamp(int(stamp) / 1e6, UTC)))


def compared(server: Any, rounds: int) -> dict[str, float]:
    """Rows a second of each way, in turn."""
    taken: dict[str, list[float]] = {}
    for number in range(rounds):
        told = entry(ROWS, time.time_ns() // 1000 + number * ROWS)
        ready, ours_ready = "".join(map(plain, told.lines)), copy_text(told, {})
        cells = list(zip(*told.columns, strict=True))
        ways: list[Way] = [
            (PREPARED, (partial(copy_ready, server, PLAIN_COPY, ready), ROWS)),
            ("prepared COPY of our columns", (partial(copy_ready, server, COPY, ours_ready), ROWS)),
            (OURS, (partial(copied, server, told), ROWS)),
            ("INSERT from unnest", (partial(unnested, server, cells), ROWS)),
            (BY_ROW, (partial(row_by_row, server, cells[:100]), 100)),
            (COMMIT, (partial(server.execute, "UPDATE market_position SET moved_at = moved_at"), 1)),
        ]
        for name, (way, count) in in_turn(ways, number):
            began = time.perf_counter()
            way()
            taken.setdefault(name, []).append(count / (time.perf_counter() - began))
    return {name: median(rates) for name, rates in taken.items()}


def in_turn(ways: list[Way], number: int) -> list[Way]:
    """So that none always comes after the same other."""
    first = number % len(ways)
    return ways[first:] + ways[:first]


def batch(number: int, at: datetime) -> tuple[Batch, Entry]:
    """A batch without its ticks, and those as the stream has them: made ahead, so that only storing is measured.

    Like the engine's, each has the latest prices of a quarter of the tokens.
    """
    price, volume = Decimal("147.5"), Decimal("12.5")
    latest = [
        Latest(token, price, at, 1, 2, 3, volume, price, price, 3, 4, None)
        for token in range(1, TOKENS + 1)
        if token % PARTS == number % PARTS
    ]
    told = entry(A_SECOND // PARTS, time.time_ns() // 1000 + number * ROWS)
    return Batch(f"0-{number}", f"0-{number + 1}", "", latest), told


def candle_batch(number: int, at: datetime) -> CandleBatch:
    """What the last `PARTS` batches add to candles."""
    price, minute, volume = Decimal("147.5"), at.replace(second=0, microsecond=0), Decimal("12.5")
    parts = [
        CandlePart(token, minute, price, price, price, price, volume, volume, Decimal(0), 3)
        for token in range(1, TOKENS + 1)
    ]
    return CandleBatch(f"0-{number + 1 - PARTS}", f"0-{number + 1}", parts)


def streamed(seconds: int) -> tuple[float, float]:
    """Share of a core of client and server together, and the 99th percentile of a transaction in milliseconds."""
    server = psutil.Process(db.session.execute(text("SELECT pg_backend_pid()")).scalar_one())
    db.session.rollback()
    own, took = psutil.Process(os.getpid()), []
    ahead = [batch(number, datetime.now(UTC)) for number in range(seconds * PARTS)]
    candles = {number: candle_batch(number, datetime.now(UTC)) for number in range(PARTS - 1, len(ahead), PARTS)}
    before, began = spent(own) + spent(server), time.perf_counter()
    for number, (bare, told) in enumerate(ahead):
        time.sleep(max(0.0, began + number / PARTS - time.perf_counter()))
        took.append(timed(partial(store_told, bare, told)))
        if number in candles:
            took.append(timed(partial(store, candles[number])))
    share = (spent(own) + spent(server) - before) / (time.perf_counter() - began)
    return share, quantiles(took, n=100)[98]


def store_told(bare: Batch, told: Entry) -> bool:
    return store(replace(bare, ticks=copy_text(told, {})))


def timed(storing: Callable[[], bool]) -> float:
    began = time.perf_counter()
    assert storing()
    return (time.perf_counter() - began) * 1000


def spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def verdict(rates: dict[str, float], cpu: float, late_ms: float) -> int:
    commit_ms = 1000 / rates.pop(COMMIT)
    for name, rate in rates.items():
        print(f"{name:<32}{rate:>12,.0f} rows/s{rate / rates[PREPARED]:>8.2f}")
    times, to_prepared = rates[OURS] / rates[BY_ROW], rates[OURS] / rates[PREPARED]
    print(f"{COMMIT}: {commit_ms:.2f} ms, of which the disk takes most")
    print(f"{A_SECOND:,} ticks a second with candles and latest: {cpu:.2f} of a core, p99 of a batch {late_ms:.1f} ms")
    holds = times >= LEAST_TO_ROWS and to_prepared >= LEAST_TO_PREPARED and cpu <= MOST_CPU and late_ms <= MOST_P99_MS
    print(f"{machine()}\n{'holds' if holds else 'MISSED'}: {times:.0f} times row by row (at least {LEAST_TO_ROWS}), "
          f"{to_prepared:.2f} of prepared COPY (at least {LEAST_TO_PREPARED}), "
          f"{cpu:.2f} of a core (at most {MOST_CPU}), p99 {late_ms:.1f} ms (at most {MOST_P99_MS})")  # fmt: skip
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
