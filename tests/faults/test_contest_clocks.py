"""A worker whose own clock is two hours off starts and ends contests when the database says so, and not before."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.core.clock import database_now
from app.core.extensions import db
from tests.contests.evaluating import contest_of
from tests.contests.rows import contest_row, entry_row
from tests.faults.markets import wait_until
from tests.faults.workers import environment, nursery

HOUR, PATIENCE_S = timedelta(hours=1), 120
WORDS = "still runs: it ends at"
# Python reads it at its start, before anything of the program: every clock that Python asks is off from then on.
SHIFTED = """
import datetime, time
OFF_S = {off_s}
_time, _time_ns = time.time, time.time_ns
time.time = lambda: _time() + OFF_S
time.time_ns = lambda: _time_ns() + OFF_S * 10**9
class Shifted(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(seconds=OFF_S)
    @classmethod
    def utcnow(cls):
        return super().utcnow() + datetime.timedelta(seconds=OFF_S)
datetime.datetime = Shifted
"""
pytestmark = pytest.mark.faults


def shifted(folder: Path, off_s: int) -> dict[str, str]:
    """By libfaketime every clock that the process and its C libraries ask; where it is missing, Python's alone."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if library:
        return {"LD_PRELOAD": str(library), "FAKETIME": f"{off_s:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    (folder / "sitecustomize.py").write_text(SHIFTED.format(off_s=off_s), encoding="utf-8")
    return {"PYTHONPATH": str(folder)}


@pytest.fixture
def planned(committing: Flask) -> Iterator[Flask]:
    """One contest to start and one to end now, and one each in an hour."""
    with committing.app_context():
        for code, state, start in (("START-NOW", "scheduled", -1), ("START-LATER", "scheduled", 3600),
                                   ("END-NOW", "live", -7201), ("END-LATER", "live", -3600)):  # fmt: skip
            planted(code, state, timedelta(seconds=start))
        yield committing
        db.session.remove()


def planted(code: str, state: str, start: timedelta) -> None:
    starts_at = database_now() + start
    times = {"starts_at": starts_at, "ends_at": starts_at + 2 * HOUR, "started_at": None, "ended_at": None}
    contest = contest_row(db.session(), code=code, state=state, **times)
    for player in ("ann", "ben"):
        entry_row(db.session(), contest, player)
    db.session.commit()


def wait_for(code: str, state: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while contest_of(code).state not in {state, "price_check"}:
        db.session.rollback()
        assert time.monotonic() < until, (code, contest_of(code).state)
        time.sleep(0.05)


@pytest.mark.parametrize("off_s", [7200, -7200])
def test_only_the_database_says_what_time_it_is(planned: Flask, tmp_path: Path, off_s: int) -> None:
    clock = shifted(tmp_path, off_s)
    ask = [sys.executable, "-c", "import time, datetime as d; print(time.time(), d.datetime.now().timestamp())"]
    asked = subprocess.run(ask, capture_output=True, check=True, env=os.environ | clock)
    assert all(abs(float(told) - time.time() - off_s) < 600 for told in asked.stdout.split())
    own, said = environment(planned.config["SETTINGS"], tmp_path) | clock, tmp_path / "asked.log"
    with nursery(own, tmp_path / "workers.log") as team:
        team.hire()
        wait_for("START-NOW", "live")
        wait_for("END-NOW", "ended")
        planted("AFTERWARDS", "scheduled", timedelta(seconds=-1))
        wait_for("AFTERWARDS", "live")
        team.hire("contests", "evaluate", "END-LATER", log=said)
        wait_until(lambda: said.exists() and WORDS in said.read_text(encoding="utf-8"))
    assert (contest_of("START-LATER").state, contest_of("END-LATER").state) == ("scheduled", "live")
    started = contest_of("START-NOW").started_at
    assert started is not None
    assert abs(started - database_now()) < HOUR
