"""Workers say that they live; whoever asks learns which do, and what they are at."""

import time

import pytest
from flask import Flask
from sqlalchemy import text

from app.core.beats import Pulse, beats
from app.core.extensions import db


@pytest.fixture
def pulse(committing: Flask) -> Pulse:
    return Pulse(committing)


def test_nobody_beats_at_first(committing: Flask) -> None:
    with committing.app_context():
        assert beats() == []
    done = committing.test_cli_runner().invoke(args=["worker", "status"])
    assert (done.exit_code, "No worker is at work" in done.stderr) == (1, True)


def test_a_worker_tells_what_it_is_at(committing: Flask, pulse: Pulse) -> None:
    with committing.app_context():
        pulse.tell("app.contests.jobs.life.end_due")
        pulse.beat()
        (beat,) = beats()
    assert (beat.name, beat.step, beat.is_beating) == (pulse.name, "app.contests.jobs.life.end_due", True)
    done = committing.test_cli_runner().invoke(args=["worker", "status"])
    assert (done.exit_code, f"{pulse.name}  beats" in done.stdout) == (0, True)


def test_one_that_was_killed_falls_silent(committing: Flask, pulse: Pulse) -> None:
    with committing.app_context():
        pulse.beat()
        db.session.execute(text("UPDATE workers SET beat_at = clock_timestamp() - interval '31 s'"))
        (beat,) = beats()
        db.session.rollback()
    assert (beat.is_silent, beat.is_beating) == (True, False)


def test_one_that_ends_says_so(committing: Flask, pulse: Pulse) -> None:
    pulse.start()
    with committing.app_context():
        until = time.monotonic() + 30
        while not beats() and time.monotonic() < until:
            db.session.rollback()
            time.sleep(0.01)
        pulse.end()
        db.session.rollback()
        (beat,) = beats()
        db.session.rollback()
    assert (beat.stopped_at is not None, beat.is_silent, beat.is_beating) == (True, False, False)


def test_the_long_gone_are_forgotten(committing: Flask, pulse: Pulse) -> None:
    with committing.app_context():
        Pulse(committing).beat()
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE workers SET beat_at = clock_timestamp() - interval '2 h'"))
        pulse.beat()
        assert [beat.name for beat in beats()] == [pulse.name]
        db.session.rollback()
