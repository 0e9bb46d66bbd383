"""kill -9 of the worker in the middle of an evaluation: no half result, no second one, and the next worker ends it."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from app.audit.service import verify as verify_audit
from app.contests.service.evaluation import evaluate
from app.core.extensions import db
from app.core.progress import silent
from bench.kit.crowd import gather
from tests.contests.evaluating import ANN_OF_STAFF, draft_of, states_of
from tests.faults.workers import Nursery, environment, let_go, nursery

KILLS, PATIENCE_S = 20, 120
ENTRIES = 20_000 if os.environ.get("LONG") == "1" else 5_000
CODE = "CROWD"
DUE = (
    "UPDATE contests SET state = 'review' WHERE state = 'proposed'",
    "UPDATE contests SET state = 'price_check' WHERE state IN ('ended', 'review')",
    "UPDATE contests SET next_try_at = now()",
)
VERSIONS = "SELECT count(*) FROM evaluations"
EVALUATING = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'degenduel'
  AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND query ~ 'settlement_|results|tiebreak_values|evaluations'
"""
# Everything that a version consists of must be there whole, and nothing that belongs to none.
BROKEN = """
SELECT 'results without a version' FROM results WHERE evaluation_id NOT IN (SELECT id FROM evaluations)
UNION ALL SELECT 'values without a version' FROM tiebreak_values WHERE evaluation_id NOT IN (SELECT id FROM evaluations)
UNION ALL SELECT 'half a result' FROM evaluations e
  WHERE entries <> (SELECT count(*) FROM results WHERE evaluation_id = e.id)
    OR entries <> (SELECT count(*) FROM entries)
UNION ALL SELECT 'lost lamports' FROM evaluations e
  WHERE prizes_lamports <> (SELECT sum(prize_lamports) FROM results WHERE evaluation_id = e.id)
UNION ALL SELECT 'no hash' FROM evaluations WHERE result_hash IS NULL OR inputs_hash IS NULL
UNION ALL SELECT 'two drafts' FROM evaluations WHERE state = 'draft' HAVING count(*) > 1
UNION ALL SELECT 'versions missing' FROM evaluations HAVING count(*) <> coalesce(max(version), 0)
UNION ALL SELECT 'another story told' FROM contest_transitions HAVING count(*) FILTER (WHERE to_state = 'evaluating')
  <> (SELECT count(*) FROM evaluations)
UNION ALL SELECT 'another story audited' FROM audit_log
  HAVING count(*) FILTER (WHERE action = 'contests:contest:evaluate')
  <> (SELECT count(*) FROM evaluations)
UNION ALL SELECT 'between two states' FROM contests WHERE state = 'evaluating'
"""
pytestmark = pytest.mark.faults


@pytest.fixture
def crowd(committing_app: Any) -> Iterator[Flask]:
    """Thousands of players in a contest that has ended, and an app that asks no second evaluator."""
    app: Flask = committing_app(verify_max_trades=0)
    url = app.config["SETTINGS"].database_url
    with psycopg.connect(url.replace("://degenduel@", "://postgres@"), autocommit=True) as superuser:
        gather(superuser, CODE, entries=ENTRIES, tokens=50)
    with app.app_context():
        yield app
        db.session.remove()


def ask(statement: str) -> list[Any]:
    with db.engine.connect() as connection:
        return list(connection.execute(text(statement)).scalars())


def change(*statements: str) -> None:
    with db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.005)


@pytest.fixture
def team(crowd: Flask, tmp_path: Path) -> Iterator[Nursery]:
    with nursery(environment(crowd.config["SETTINGS"], tmp_path), tmp_path / "workers.log") as hired:
        yield hired


def kill_in_the_middle(team: Nursery, after_s: float) -> bool:
    """Whether the evaluation was cut off; if not, it had been quicker."""
    before = ask(VERSIONS)
    worker = team.hire(held=True)
    change(*DUE)
    let_go(worker)
    wait_until(lambda: bool(ask(EVALUATING)) or ask(VERSIONS) != before)
    time.sleep(after_s)
    team.kill_all()
    wait_until(lambda: not ask(EVALUATING))
    assert ask(BROKEN) == []
    return ask(VERSIONS) == before


def test_no_kill_leaves_a_half_result_or_a_second_one(team: Nursery) -> None:
    began = time.monotonic()
    evaluate(CODE, by=ANN_OF_STAFF, progress=silent, dry_run=True)
    usual_s, rng, cut_off = time.monotonic() - began, Random(), 0
    while cut_off < KILLS:
        cut_off += kill_in_the_middle(team, rng.uniform(0, usual_s))


def test_the_next_worker_ends_what_a_killed_one_began(team: Nursery) -> None:
    assert kill_in_the_middle(team, 0)
    change(*DUE)
    team.hire()
    wait_until(lambda: ask("SELECT state FROM contests") == ["proposed"])
    team.kill_all()
    assert states_of(CODE) == ["ended", "price_check", "evaluating", "proposed"]
    assert ask(BROKEN) == []
    undisturbed = draft_of(CODE).result_hash
    evaluate(CODE, by=ANN_OF_STAFF, progress=silent, reason="To compare with an evaluation that nobody disturbed")
    assert (draft_of(CODE).version, draft_of(CODE).result_hash) == (2, undisturbed)
    assert verify_audit().fault is None
