"""Prices through the API: what 3,000 ticks ten times a second cost the web process and Valkey.

One gunicorn worker, a Valkey and a PostgreSQL of their own; the caller pushes 1,000 tokens of three sources at 10 Hz.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import median, quantiles
from typing import Any

import httpx
import orjson
import psutil
from flask import Flask
from sqlalchemy import insert

from app.audit.rules import SYSTEM
from app.core.engines import valkey
from app.core.engines.folder import place
from app.core.extensions import db
from app.core.extensions import valkey as store
from app.market.models import Token
from app.market.rules.wire import STREAM
from app.staff.service import add_client
from bench.kit.instance import instance
from bench.kit.rounds import machine
from tests.browser.serving import free_port, on_port, served
from tests.contests.bundles import address

TOKENS, SOURCES, HERTZ = 1000, ("raydium", "orca", "meteora"), 10
MOST_WEB_CPU = 0.5
SCOPE = "market:prices:write"


@dataclass(frozen=True)
class Cost:
    """CPU seconds a second, and milliseconds a call."""

    web: float
    valkey: float
    calls_ms: list[float]


def main() -> int:
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--seconds", type=int, default=20)
    wishes.add_argument("--rounds", type=int, default=3)
    wish = wishes.parse_args()
    with instance() as app:
        key, mints = prepared(app)
        with server(app) as address_of_web, httpx.Client(base_url=address_of_web, timeout=10) as http:
            http.headers["Authorization"] = f"Bearer {key}"
            push(http, mints)
            costs = [measured(app, http, mints, wish.seconds) for _ in range(wish.rounds)]
            stored, told = counted(app), (wish.rounds * wish.seconds * HERTZ + 1) * TOKENS * len(SOURCES)
    return verdict(costs, stored, told)


def prepared(app: Flask) -> tuple[str, list[str]]:
    mints = [address(f"bench token {number}") for number in range(TOKENS)]
    with app.app_context():
        rows = [{"mint": mint, "symbol": "B", "name": "B", "decimals": 9, "reason": "bench"} for mint in mints]
        db.session.execute(insert(Token), rows)
        return add_client("bench", scopes=[SCOPE], sources=["*"], by=SYSTEM), mints


@contextmanager
def server(app: Flask) -> Iterator[str]:
    app.config["SETTINGS"] = replace(on_port(app.config["SETTINGS"], free_port()), patterns=False)
    with served(app) as running:
        yield running.url


def push(http: httpx.Client, mints: list[str]) -> float:
    """Milliseconds of one call with a tick of every source and token; all are new."""
    now = time.time_ns() // 1_000_000
    price = f"{147 + now % 1000 / 1000:.6f}"
    ticks = [
        {"mint": mint, "source": source, "price": price, "volume": "12.5", "side": "buy", "at": now}
        for mint in mints for source in SOURCES
    ]  # fmt: skip
    body = orjson.dumps({"ticks": ticks})
    began = time.perf_counter()
    answer = http.post("/api/v1/prices", content=body, headers={"Content-Type": "application/json"})
    took_ms = (time.perf_counter() - began) * 1000
    assert answer.json() == {"accepted": len(ticks), "refused": []}, answer.text[:300]
    return took_ms


def measured(app: Flask, http: httpx.Client, mints: list[str], seconds: int) -> Cost:
    web = [one for one in psutil.Process().children(recursive=True) if "gunicorn" in " ".join(one.cmdline())]
    cache = psutil.Process(valkey.process_id(place(app.config["SETTINGS"].instance_path)))
    before, began = (spent(web), spent([cache])), time.perf_counter()
    calls = []
    for number in range(seconds * HERTZ):
        time.sleep(max(0.0, began + number / HERTZ - time.perf_counter()))
        calls.append(push(http, mints))
    took = time.perf_counter() - began
    return Cost((spent(web) - before[0]) / took, (spent([cache]) - before[1]) / took, calls)


def spent(processes: list[psutil.Process]) -> float:
    return sum(one.cpu_times().user + one.cpu_times().system for one in processes)


def counted(app: Flask) -> int:
    with app.app_context():
        rows: Any = store().xrange(STREAM)
        return sum(int(fields[b"n"]) for _, fields in rows)


def verdict(costs: list[Cost], stored: int, told: int) -> int:
    calls = [took for cost in costs for took in cost.calls_ms]
    web, cache = median(cost.web for cost in costs), median(cost.valkey for cost in costs)
    late = quantiles(calls, n=100)[98]
    print(f"{len(calls)} calls of {TOKENS * len(SOURCES):,} ticks, {HERTZ} a second")
    print(f"web {web:.2f} of a core, Valkey {cache:.2f}; a call took {median(calls):.1f} ms, p99 {late:.1f} ms")
    holds = web <= MOST_WEB_CPU and stored == told
    print(f"{stored:,} of {told:,} ticks are in the stream\n{machine()}")
    print(f"{'holds' if holds else 'MISSED'}: web {web:.2f} of a core (at most {MOST_WEB_CPU}), every tick once")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
