"""The review queue on ten million submissions against a thousand, and against Flask-Admin's list of them."""

import argparse
import gc
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from flask import Flask

from bench.kit.instance import instance, superuser
from bench.kit.rounds import machine
from tests.clients import Browser, staff_browser

MOST_RATIO = 1.2
PEER = Path(__file__).parent / "kit" / "flask_admin_peer.py"
PATHS = ("/tokens/review", "/tokens/review?q=has:red", "/tokens/review?q=by:submitter-77", "/tokens/review?q=")
CONTROL = "/tokens/reasons"
"""A page that reads nothing of the table: what it takes longer, the machine took longer."""
BASE58 = "translate(lpad(to_hex({}), 43, 'z'), '0', 'A')"
# Of the first thousand one in twenty waits, of the rest one in a thousand, as on a desk with a long past. Every page is
# full either way, so that both draw as much.
ROWS = f"""
INSERT INTO submissions (mint, symbol, name, submitter, state, next_try_at, fails, received_at, checked_at)
SELECT '4' || {BASE58.format("g")}, 'T' || g %% 500000, 'Token ' || g,
  'submitter-' || CASE WHEN g <= 1000 THEN 70 + g / 20 %% 10 ELSE g %% 100000 END,
  CASE WHEN g %% 1000 = 0 OR (g <= 1000 AND g %% 20 = 0) THEN 'awaiting_review'
    WHEN g %% 3 = 0 THEN 'approved' ELSE 'rejected' END, NULL,
  CASE WHEN g %% 10000 = 0 OR (g <= 1000 AND g %% 40 = 0) THEN 1 ELSE 0 END, now() - g * interval '1 second', now()
FROM generate_series(%(first)s::bigint, %(last)s::bigint) g
"""
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'submissions' AND indexname NOT LIKE 'pk%%'"
AT_ONCE = 500_000


def main() -> int:
    wishes = argparse.ArgumentParser(description=__doc__)
    wishes.add_argument("--rows", type=int, default=10_000_000)
    wishes.add_argument("--rounds", type=int, default=40)
    wishes.add_argument("--peer", help="a Python that has flask-admin, flask-sqlalchemy and psycopg")
    wish = wishes.parse_args()
    print(machine(), flush=True)
    with instance() as app, closing(superuser(app)) as connection:
        fill(connection, 1, 1000)
        few = measured(app, wish.rounds)
        peer_few = peer(app, wish.peer, wish.rounds)
        fill(connection, 1001, wish.rows)
        many = measured(app, wish.rounds)
        peer_many = peer(app, wish.peer, 3)
    return told(wish.rows, few, many, (peer_few, peer_many))


def fill(connection: "psycopg.Connection[Any]", first: int, last: int) -> None:
    """Straight into the table, its indexes made afterwards."""
    indexes = connection.execute(INDEXES).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    for start in range(first, last + 1, AT_ONCE):
        connection.execute(ROWS, {"first": start, "last": min(start + AT_ONCE - 1, last)})
    for _, definition in indexes:
        connection.execute(definition)
    connection.execute("VACUUM ANALYZE submissions")
    connection.execute("CHECKPOINT")


def measured(app: Flask, rounds: int) -> dict[str, float]:
    """The median in milliseconds of each page, each asked in turn."""
    app.test_client_class = Browser
    browser = staff_browser(app, "admin")
    taken: dict[str, list[float]] = {path: [] for path in (*PATHS, CONTROL)}
    for path in taken:
        browser.get(path)
    for _ in range(rounds):
        for path, times in taken.items():
            gc.collect()
            began = time.perf_counter()
            answer = browser.get(path)
            times.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.status
    return {path: median(times) for path, times in taken.items()}


def peer(app: Flask, python: str | None, rounds: int) -> float | None:
    """Flask-Admin's list of the same table, in a Python of its own."""
    if python is None:
        return None
    with closing(superuser(app)) as connection:
        dsn = connection.info.dsn
    command = [python, str(PEER), dsn, str(rounds)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)


def told(rows: int, few: dict[str, float], many: dict[str, float], peers: tuple[float | None, float | None]) -> int:
    print(f"\n{'':<38}{'1,000 rows':>12}{f'{rows:,} rows':>18}{'ratio':>8}")
    for path, before in few.items():
        print(f"{path:<38}{before:>9.1f} ms{many[path]:>15.1f} ms{many[path] / before:>8.2f}")
    if None not in peers:
        print(f"{'Flask-Admin, its list':<38}{peers[0]:>9.1f} ms{peers[1]:>15.1f} ms")
    slower = many[CONTROL] / few[CONTROL]
    held = many[PATHS[0]] / few[PATHS[0]] / slower <= MOST_RATIO and (peers[1] is None or many[PATHS[0]] < peers[1])
    print("holds" if held else "MISSED")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
