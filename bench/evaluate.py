"""A million entries with eight holdings each: the whole evaluation against the bare SQL statement.

The statement values, rounds, ranks, joins the prizes and writes. The evaluation also settles a thousand prices from
their ticks, separates ties, awards, hashes what it read and wrote, and notes the state and the audit row.
"""

import argparse
import os
import sys
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import text

from app.audit.rules import SYSTEM
from app.contests.service.evaluation import evaluate
from app.contests.service.planning import WORK_MEMORY
from app.core.extensions import db
from app.core.progress import silent
from bench.kit.crowd import gather
from bench.kit.instance import instance, superuser
from bench.kit.memory import growth_of
from bench.kit.rounds import machine, seconds, table

CODE, TOKENS = "MILLION", 1000
MOST_RATIO, MOST_MEGABYTES = 1.2, 50
OURS, STATEMENT, UNKEYED = "ours, the whole evaluation", "statement", "statement, table without a key"
TABLES = """
CREATE TABLE bare_places (rank int PRIMARY KEY, prize_lamports bigint NOT NULL);
CREATE TABLE bare_keyed (evaluation_id int, rank int, entry_id bigint, score numeric NOT NULL, value numeric NOT NULL,
  prize_lamports bigint NOT NULL, PRIMARY KEY (evaluation_id, rank, entry_id));
CREATE TABLE bare_unkeyed (LIKE bare_keyed);
INSERT INTO bare_places VALUES (1, 62100000000000), (2, 18000000000000), (3, 9900000000000);
ANALYZE bare_places
"""
BARE = """
INSERT INTO {table}
SELECT 1, ranked.rank, entry_id, score, value, coalesce(prize_lamports, 0) FROM (
  SELECT entry_id, value, score, rank() OVER (ORDER BY score DESC) AS rank FROM (
    SELECT entry_id, value, round(value, 8) AS score FROM (
      SELECT e.id AS entry_id, 10000 - e.bought + e.sold + coalesce(worth, 0) AS value FROM entries e LEFT JOIN (
        SELECT entry_id, sum(quantity * price) AS worth FROM holdings JOIN settlement_prices USING (token_id)
        WHERE contest_id = {contest} AND evaluation_id = {evaluation} GROUP BY entry_id) held ON held.entry_id = e.id
      WHERE e.contest_id = {contest} AND NOT e.disqualified) valued) rounded) ranked
LEFT JOIN bare_places ON bare_places.rank = ranked.rank
"""


def main() -> int:
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--entries", type=int, default=1_000_000)
    wishes.add_argument("--rounds", type=int, default=5)
    wishes.add_argument("--home", type=Path, help="an instance folder to keep, so that the next run need not make data")
    wish = wishes.parse_args()
    with instance(wish.home) as app, superuser(app) as server, app.app_context():
        contest, evaluation = prepare(server, wish.entries)
        return measure(server, contest, evaluation, wish.rounds)


def prepare(server: "psycopg.Connection[Any]", entries: int) -> tuple[int, int]:
    """The contest, and an evaluation of it whose prices the statement may take."""
    if server.execute("SELECT FROM contests WHERE code = %s", (CODE,)).rowcount == 0:
        print(f"gathering {entries:,} entries", flush=True)
        gather(server, CODE, entries=entries, tokens=TOKENS)
        server.execute(TABLES)
        ours()
    server.execute("VACUUM ANALYZE")
    found = server.execute("SELECT contest_id, max(id) FROM evaluations GROUP BY contest_id").fetchone()
    assert found
    return int(found[0]), int(found[1])


def ours() -> None:
    reason = "Measured again"
    outcome = evaluate(CODE, by=SYSTEM, progress=silent, reason=reason)
    assert outcome.kind == "evaluated", outcome


def measure(server: "psycopg.Connection[Any]", contest: int, evaluation: int, rounds: int) -> int:
    server.execute(f"SET work_mem = '{WORK_MEMORY}'")

    def bare(name: str) -> None:
        server.execute(BARE.format(table=name, contest=contest, evaluation=evaluation))

    def tidy() -> None:
        server.execute("TRUNCATE bare_keyed, bare_unkeyed")
        server.execute("CHECKPOINT")

    ways = {STATEMENT: lambda: bare("bare_keyed"), UNKEYED: lambda: bare("bare_unkeyed"), OURS: ours}
    backend = db.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    db.session.rollback()
    with growth_of(os.getpid()) as process, growth_of(backend) as server_side:
        taken = seconds(ways, rounds=rounds, before=tidy)
    return verdict(taken, process.megabytes, server_side.megabytes)


def verdict(taken: dict[str, list[float]], process_mb: float, backend_mb: float) -> int:
    table(taken, against=STATEMENT)
    ratio = median(taken[OURS]) / median(taken[STATEMENT])
    holds = ratio <= MOST_RATIO and process_mb < MOST_MEGABYTES
    print(f"our process grew by {process_mb:.1f} MB, its backend by {backend_mb:.1f} MB")
    print(f"{machine()}\n{'holds' if holds else 'MISSED'}: ratio {ratio:.2f} (at most {MOST_RATIO}),", end=" ")
    print(f"growth {process_mb:.1f} MB (under {MOST_MEGABYTES})")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
