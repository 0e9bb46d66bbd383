"""Workers killed and PostgreSQL restarted at random, over short contests: each comes to its one right end, once."""

import json
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from flask import Flask

from app.audit.service import verify as verify_audit
from app.core import engines
from app.core.clock import database_now
from app.core.extensions import db
from tests.faults.markets import place
from tests.faults.storms import BRING_LATE_TICKS, RIGHT_ENDS, Storm, park, planned, storm

LONG = os.environ.get("LONG") == "1"
CONTESTS, STRIKES, SPREAD_S = (200, 240, 600) if LONG else (6, 3, 3)
KINDS = ("winner", "winner", "tie", "late", "lonely") if LONG else ("winner", "tie", "lonely")
PATIENCE_S = 240
pytestmark = pytest.mark.faults

LIVES = """
SELECT c.code, array_agg(t.to_state ORDER BY t.id),
  (SELECT count(*) FROM evaluations e WHERE e.contest_id = c.id),
  coalesce(c.started_at < c.starts_at OR c.ended_at < c.ends_at, false), c.dead_at IS NOT NULL
FROM contests c JOIN contest_transitions t ON t.contest_id = c.id GROUP BY c.id
"""
TWICE = """
SELECT object_id, action, count(*) FROM audit_log
WHERE object_type = 'contest' AND action IN ('contests:contest:start', 'contests:contest:end',
  'contests:contest:evaluate', 'contests:contest:apply', 'contests:contest:void', 'payouts:contest:plan')
GROUP BY 1, 2 HAVING count(*) > 1
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="duel-storm-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        engines.remove(folder)


def contests(app: Flask, rng: Random) -> None:
    with app.app_context():
        begin = database_now() + timedelta(seconds=2 + CONTESTS / 4)
        for number in range(CONTESTS):
            kind = KINDS[number % len(KINDS)]
            starts_at = begin + timedelta(seconds=rng.uniform(0, SPREAD_S))
            code = planned(number, kind, starts_at, timedelta(seconds=rng.uniform(0.2, 3)))
            if kind == "late":
                park(code)
        db.session.remove()
        db.engine.dispose()


def without_waiting(states: list[str]) -> list[str]:
    """The life without its looks at data that were not there yet."""
    told = []
    for state, following in zip(states, [*states[1:], ""], strict=True):
        if state != "delayed" and not (state == "price_check" and following == "delayed"):
            told.append(state)
    return told


def unfinished(storm: Storm) -> dict[str, str]:
    found = storm.ask("SELECT code, state FROM contests")
    return {code: state for code, state in found if RIGHT_ENDS[code.split("-")[0].lower()][-1] != state}


def rage(storm: Storm) -> None:
    for _ in range(STRIKES):
        time.sleep(storm.rng.uniform(0.5, 1.5) * SPREAD_S / STRIKES)
        storm.strike()
        storm.ask(BRING_LATE_TICKS)


def settle(storm: Storm) -> None:
    until = time.monotonic() + PATIENCE_S
    while left := unfinished(storm):
        assert time.monotonic() < until, left
        time.sleep(0.2)
        storm.ask(BRING_LATE_TICKS)


def test_every_contest_reaches_its_one_right_end(home: Path) -> None:
    seed = int(os.environ.get("SEED", time.time_ns() % 10**6))
    with place(home) as here:
        contests(here.app, Random(seed))
        with storm(home, Random(seed)) as raging:
            rage(raging)
            settle(raging)
        for code, states, evaluations, was_early, gave_up in raging.ask(LIVES):
            right = RIGHT_ENDS[code.split("-")[0].lower()]
            assert without_waiting(states) == right, (seed, code)
            assert (evaluations, was_early, gave_up) == (int("evaluating" in right), False, False), (seed, code)
        assert raging.ask(TWICE) == []
        with here.app.app_context():
            assert verify_audit().fault is None
            db.session.remove()
    print(json.dumps({"seed": seed, "contests": CONTESTS, **raging.struck}))
