"""Short contests with a known right end each, and workers that are killed while they lead them there."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from app.core import engines
from app.core.clock import database_now
from app.core.extensions import db
from tests.contests.bundles import ENDS_AT, Document, clear_winner, entry, iso, tie_for_first
from tests.contests.evaluating import imported
from tests.faults.workers import Nursery, nursery

STRAIGHT = ["scheduled", "live", "ended", "price_check", "evaluating", "proposed"]
RIGHT_ENDS = {"winner": [*STRAIGHT, "final"], "tie": STRAIGHT, "lonely": ["scheduled", "void"],
              "late": [*STRAIGHT, "final"]}  # fmt: skip
BRING_LATE_TICKS = """
WITH back AS (
  UPDATE ticks SET feed_id = c.feed_id FROM contests c, feeds f
  WHERE f.name = c.code || '-parked' AND ticks.feed_id = f.id AND c.state = 'delayed' RETURNING c.code)
SELECT DISTINCT code FROM back
"""
"""Gives every contest its parked ticks back, once they were found missing."""


def planned(number: int, kind: str, starts_at: datetime, length: timedelta) -> str:
    """Imports a contest whose ticks, trades and end lie in the future; gives its code."""
    document = {"winner": clear_winner, "late": clear_winner, "tie": tie_for_first, "lonely": _lonely}[kind]()
    code, ends_at = f"{kind.upper()}-{number}", starts_at + length
    document["contest"] |= {"code": code, "starts_at": iso(starts_at), "ends_at": iso(ends_at)}
    for trade in document["trades"]:
        trade["executed_at"] = iso(starts_at + timedelta(milliseconds=1))
    for tick in document["ticks"]:
        tick["at"] = iso(datetime.fromisoformat(tick["at"]) - ENDS_AT + ends_at)
    imported(document, now=database_now())
    return code


def _lonely() -> Document:
    document = clear_winner()
    wallet = document["entries"][0]["wallet"]
    trades = [trade for trade in document["trades"] if trade["wallet"] == wallet]
    return document | {"entries": [entry(wallet)], "trades": trades}


@dataclass
class Storm:
    """Two workers on the engines of `home`. Whoever is struck is replaced."""

    home: Path
    rng: Random
    team: Nursery
    struck: dict[str, int] = field(default_factory=lambda: {"worker": 0, "database": 0})

    def strike(self) -> None:
        """kill -9 of a worker, or a restart of PostgreSQL, politely or in the middle of everything."""
        if self.rng.random() < 0.7:
            self.team.kill(self.rng.randrange(len(self.team.team)))
            self.team.hire()
            self.struck["worker"] += 1
            return
        if self.rng.random() < 0.5:
            engines.stop(self.home, names=["PostgreSQL"])
        else:
            os.kill(self.server(), signal.SIGQUIT)
        engines.ensure_postgres(self.home)
        self.struck["database"] += 1

    def server(self) -> int:
        return next(one.pid for one in engines.status(self.home) if one.name == "PostgreSQL" and one.pid)

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """On a connection of its own, which a restart of the server takes from nobody."""
        with psycopg.connect(engines.postgres_address(self.home)) as connection:
            return connection.execute(statement.encode()).fetchall()


@contextmanager
def storm(home: Path, rng: Random, workers: int = 2) -> Iterator[Storm]:
    settings = {
        "DATABASE_URL": engines.postgres_address(home), "REDIS_URL": engines.valkey_address(home),
        "INSTANCE_PATH": str(home), "SECRET_KEY": "a key that only tests know", "CONTEST_START_GRACE": "1",
    }  # fmt: skip
    with nursery(settings, home / "workers.log") as team:
        for _ in range(workers):
            team.hire()
        yield Storm(home, rng, team)


def park(code: str) -> None:
    """Takes the ticks of a contest away, as if its sources were late."""
    moved = "UPDATE ticks SET feed_id = f.id FROM contests c, feeds f WHERE ticks.feed_id = c.feed_id AND c.code = %s"
    with db.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO feeds (name) VALUES (%s)", (f"{code}-parked",))
        connection.exec_driver_sql(f"{moved} AND f.name = %s", (code, f"{code}-parked"))
