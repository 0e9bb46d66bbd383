"""The worker's loop: it goes on whatever a step does, and stops when told."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from flask import Flask, current_app, g
from sqlalchemy import text

from app.core import jobs
from app.core.extensions import db


def until(stop: threading.Event, times: int, work: Callable[[], bool] = lambda: True) -> tuple[list[int], jobs.Step]:
    calls: list[int] = []

    def step() -> bool:
        calls.append(len(calls))
        if len(calls) >= times:
            stop.set()
        return work()

    return calls, step


def run(app: Flask, *steps: jobs.Step, stop: threading.Event) -> None:
    with app.app_context():
        jobs.run(steps, stop)


def test_steps_take_turns_until_told_to_stop(app: Flask) -> None:
    stop = threading.Event()
    calls, last = until(stop, 5)
    others, other = until(threading.Event(), 1)
    run(app, other, last, stop=stop)
    assert (len(calls), len(others)) == (5, 5)


def test_a_step_under_way_is_finished(app: Flask) -> None:
    stop, done = threading.Event(), []

    def step() -> bool:
        stop.set()
        done.append("all of it")
        return True

    run(app, step, stop=stop)
    assert done == ["all of it"]


def test_each_step_has_a_context_of_its_own(app: Flask) -> None:
    stop, seen = threading.Event(), []

    def step() -> bool:
        seen.append(g.get("mark"))
        g.mark = current_app.name
        return True

    _, last = until(stop, 3)
    run(app, step, last, stop=stop)
    assert seen == [None, None, None]


def test_a_failing_step_rests_and_the_others_go_on(app: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    stop, tries = threading.Event(), []

    def broken() -> bool:
        tries.append(1)
        raise ValueError("the reason")

    calls, good = until(stop, 20)
    run(app, broken, good, stop=stop)
    assert (len(tries), len(calls)) == (1, 20)
    logged = capfd.readouterr().err
    assert "the reason" in logged
    assert '"again_in_s": 1.0' in logged


def test_resting_doubles_to_a_minute(app: Flask) -> None:
    turn = jobs.Turn(lambda: 1 / 0 > 0)
    rests = []
    for _ in range(9):
        turn.rests_until = 0
        before = time.monotonic()
        jobs.take(app, turn)
        rests.append(round(turn.rests_until - before))
    assert rests == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_what_a_step_did_not_commit_is_undone(committing: Flask) -> None:
    def step() -> bool:
        db.session.execute(text("INSERT INTO feeds (name) VALUES ('half')"))
        return True

    stop = threading.Event()
    _, last = until(stop, 1)
    run(committing, step, last, stop=stop)
    with committing.app_context():
        assert db.session.execute(text("SELECT count(*) FROM feeds WHERE name = 'half'")).scalar() == 0


def test_a_lost_connection_is_replaced(committing: Flask) -> None:
    def lose() -> bool:
        db.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return True

    stop, answers = threading.Event(), []

    def ask() -> bool:
        answers.append(db.session.execute(text("SELECT 1")).scalar())
        return True

    _, last = until(stop, 3)
    run(committing, lose, ask, last, stop=stop)
    assert answers == [1, 1, 1]


def test_the_command_ends_when_told(committing: Flask) -> None:
    settings = committing.config["SETTINGS"]
    environ = {
        "DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url, "SECRET_KEY": "x", "LOG_LEVEL": "info",
        "INSTANCE_PATH": str(settings.instance_path), "ASSETS": "local", "PATH": "/usr/bin:/bin",
    }  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "run"]
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stderr is not None
        assert "worker started" in worker.stderr.readline()
        worker.send_signal(signal.SIGTERM)
        rest = worker.stderr.read()
    assert worker.returncode == 0
    assert "worker stopped" in rest
