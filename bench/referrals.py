"""Durable clicks a second against a route that does nothing; leaderboard and person page at 10,000,000 clicks."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import func, select

from app.config import ROOT
from app.core.extensions import db
from app.core.paging import Place
from app.people.queries import person as people
from app.people.rules.timeline import filter_for
from app.referrals.models import Click
from app.referrals.queries.periods import open_period
from app.referrals.queries.standings import leaderboard, totals
from bench.kit.instance import instance, superuser
from bench.kit.rounds import machine
from tests.browser.serving import free_port, on_port, served
from tests.contests.rows import address
from tests.referrals.linking import referrer, running_period

IDLE, LINK = "/livez", "/r/BENCH-1"
LEAST_SHARE, MOST_P99_MS = 0.7, 50
MOST_RATIO, LEAST_GAIN, MOST_MS = 1.2, 1000, 1
REFERRERS = 1000
AT_ONCE = 1_000_000
FILL = """
INSERT INTO clicks (id, at, code, code_id, source, campaign, verdict, is_bare, key_epoch, address_hash, agent_hash,
  network_hash)
SELECT overlay(first_click_id(t.at)::text placing lpad(to_hex(g), 12, '0') from 25)::uuid, t.at, 'BENCH',
  (SELECT min(id) FROM referral_codes) + g %% %(people)s, 'x-com', 'launch', 'counted', false, 36,
  '\\x01', '\\x02', '\\x03'
FROM generate_series(%(first)s::bigint, %(last)s::bigint) g,
  LATERAL (SELECT now() - (g %% 2500000) * interval '1 second' * 0.2 AS at) t
"""
STAND = """
INSERT INTO referrer_standings AS old (period_id, person_id, clicks, signups, qualified, counted, rank)
SELECT %(period)s, c.person_id, %(clicks)s, 50, 50, c.id %% 50, 1 + c.id %% 50 FROM referral_codes c
ON CONFLICT (period_id, person_id) DO UPDATE SET clicks = old.clicks + excluded.clicks
"""
LIVE = """
SELECT c.person_id, count(*) FROM clicks k JOIN referral_codes c ON c.id = k.code_id
WHERE k.id >= first_click_id(now() - interval '7 days') AND k.verdict = 'counted'
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 100
"""


def main() -> int:
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--rows", type=int, default=10_000_000)
    wishes.add_argument("--rounds", type=int, default=5)
    wishes.add_argument("--seconds", type=float, default=4)
    wishes.add_argument("--part", choices=("clicks", "leaderboard", "both"), default="both")
    wish = wishes.parse_args()
    print(machine(), flush=True)
    os.sched_setaffinity(0, {1})  # PostgreSQL and Valkey beside the callers
    with instance() as app:
        with app.app_context():
            period = running_period(days_ago=8, days=14).id
            referrer("BENCH-1", address())
        fast = wish.part == "leaderboard" or clicks(app, wish.rounds, wish.seconds)
        flat = wish.part == "clicks" or leaderboards(app, period, wish.rows, wish.rounds * 20)
    return 0 if fast and flat else 1


def clicks(app: Flask, rounds: int, seconds: float) -> bool:
    settings = replace(on_port(app.config["SETTINGS"], free_port()), trusted_proxies=1)
    found: dict[str, list[dict[str, Any]]] = {IDLE: [], LINK: []}
    app.config["SETTINGS"] = settings
    os.sched_setaffinity(0, {0})
    with served(app, trusted_proxies=1):
        os.sched_setaffinity(0, {1})
        for path in (IDLE, LINK):
            asked(settings.port, path, 1)
        for _ in range(rounds):
            for path, runs in found.items():
                runs.append(asked(settings.port, path, seconds))
    return judged(app, found)


def judged(app: Flask, found: dict[str, list[dict[str, Any]]]) -> bool:
    shares = [link["per_s"] / idle["per_s"] for idle, link in zip(found[IDLE], found[LINK], strict=True)]
    for path, runs in found.items():
        rate, p50, p99 = (median(run[name] for run in runs) for name in ("per_s", "p50_ms", "p99_ms"))
        print(f"{path:<14}{rate:>9,.0f}/s   p50 {p50:>6.1f} ms   p99 {p99:>6.1f} ms   {runs[-1]['answers']}")
    received = sum(run["answers"].get("302", 0) for run in found[LINK])
    with app.app_context():
        kept = db.session.scalars(select(func.count()).select_from(Click)).one()
        db.engine.dispose()
    print(f"share {median(shares):.2f}, {received:,} redirects measured, {kept:,} rows kept")
    holds = bool(median(shares) >= LEAST_SHARE and p99 < MOST_P99_MS and kept >= received)
    print("clicks: holds" if holds else "clicks: MISSED", flush=True)
    return holds


def asked(port: int, path: str, seconds: float) -> dict[str, Any]:
    command = ["taskset", "-c", "1", sys.executable, "-m", "bench.kit.clicking", str(port), path, "32", str(seconds)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def leaderboards(app: Flask, period: int, rows: int, rounds: int) -> bool:
    with closing(superuser(app)) as connection:
        with app.app_context():
            for number in range(REFERRERS):
                referrer(f"PERSON-{number}", address())
            fill(connection, period, 1, 100_000)
            few = timed(period, wallet(connection), rounds)
            fill(connection, period, 100_001, rows)
            many = timed(period, wallet(connection), rounds)
        began = time.perf_counter()
        connection.execute(LIVE).fetchall()
        live = (time.perf_counter() - began) * 1000
    print(f"\n{'':<26}{'100,000 clicks':>16}{f'{rows:,} clicks':>20}{'ratio':>8}")
    for name, before in few.items():
        print(f"{name:<26}{before:>13.2f} ms{many[name]:>17.2f} ms{many[name] / before:>8.2f}")
    print(f"{'live GROUP BY, 7 days':<26}{'':>16}{live:>17.0f} ms   {live / many['in the database']:,.0f} x the rollup")
    slower = many["control"] / few["control"]
    ratios = [many[name] / few[name] / slower for name in ("leaderboard", "person")]
    gains = live / many["in the database"]
    holds = max(ratios) <= MOST_RATIO and many["in the database"] <= MOST_MS and (rows < AT_ONCE or gains >= LEAST_GAIN)
    print("leaderboard: holds" if holds else "leaderboard: MISSED")
    return holds


def fill(connection: "psycopg.Connection[Any]", period: int, first: int, last: int) -> None:
    for at in (datetime.now(UTC), datetime.now(UTC) - timedelta(days=28)):
        connection.execute("SELECT make_click_month(%s)", (at,))
    for start in range(first, last + 1, AT_ONCE):
        told = {"first": start, "last": min(start + AT_ONCE - 1, last), "people": REFERRERS}
        connection.execute(FILL, told)
    connection.execute(STAND, {"period": period, "clicks": (last - first + 1) // REFERRERS})
    for order in ("VACUUM ANALYZE clicks", "VACUUM ANALYZE referrer_standings", "CHECKPOINT"):
        connection.execute(order)


def wallet(connection: "psycopg.Connection[Any]") -> str:
    found = connection.execute("SELECT wallet FROM people ORDER BY id DESC LIMIT 1").fetchone()
    return str(found[0]) if found else ""


def timed(period: int, known: str, rounds: int) -> dict[str, float]:
    ways: dict[str, Callable[[], object]] = {
        "leaderboard": lambda: (open_period(), leaderboard(period, Place(), size=25), totals(period)),
        "person": lambda: person(known),
        "control": lambda: db.session.execute(db.text("SELECT * FROM generate_series(1, 100)")).all(),
    }
    found = {name: median(list(times(way, rounds))) for name, way in ways.items()}
    plan = "EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM referrer_standings WHERE period_id = :period"
    ordered = db.text(f"{plan} ORDER BY counted DESC, qualified DESC, person_id LIMIT 100")
    inside = [db.session.execute(ordered, {"period": period}).scalar_one()[0]["Execution Time"] for _ in range(rounds)]
    db.session.rollback()  # else this transaction would stay open while the next millions are filled in
    return found | {"in the database": median(inside)}


def person(known: str) -> None:
    """Everything the page asks for."""
    people.person(known)
    moments = people.timeline(known, filter_for(""), Place())
    people.placed_on(moments)
    people.rewards_on(moments)


def times(way: Callable[[], object], rounds: int) -> Iterator[float]:
    for _ in range(rounds):
        began = time.perf_counter()
        way()
        db.session.rollback()
        yield (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
