"""What processes count is shown together; what a process that is gone was showing is not shown any more."""

import subprocess
import sys
from pathlib import Path

import pytest

COUNT = """
from app.core.metrics import Counter, Gauge, Histogram, exposed
Counter("seen_total", "Things seen.", ("kind",)).add(2, kind="odd")
Gauge("level", "How much there is.").set(7)
Histogram("wait_seconds", "Time waited.", buckets=(0.1, 1.0)).observe(0.5)
print(exposed()[0].decode())
"""
LOOK = "from app.core.metrics import exposed; print(exposed()[0].decode())"
FORGET = "from app.core.metrics import forget_all; forget_all()"


def run(code: str, folder: Path) -> list[str]:
    environment = {"PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"), "PYTHONPATH": "."}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return ended.stdout.splitlines()


COUNTED = 'degenduel_seen_total{kind="odd"} 2.0'
COUNTED_TWICE = 'degenduel_seen_total{kind="odd"} 4.0'


def test_a_process_shows_what_it_counts(tmp_path: Path) -> None:
    shown = run(COUNT, tmp_path)
    assert COUNTED in shown
    assert "degenduel_level 7.0" in shown
    assert 'degenduel_wait_seconds_bucket{le="1.0"} 1.0' in shown


@pytest.mark.parametrize(("line", "stays"), [(COUNTED_TWICE, True), ("degenduel_level", False)])
def test_what_gone_processes_counted_stays_and_what_they_showed_goes(tmp_path: Path, line: str, stays: bool) -> None:
    run(COUNT, tmp_path)
    run(COUNT, tmp_path)
    assert any(shown.startswith(line) for shown in run(LOOK, tmp_path)) is stays


def test_a_new_start_forgets_all(tmp_path: Path) -> None:
    run(COUNT, tmp_path)
    run(FORGET, tmp_path)
    assert not any("seen_total" in line for line in run(LOOK, tmp_path))


def test_a_new_start_leaves_what_a_running_process_counts(tmp_path: Path) -> None:
    assert COUNTED in run("\n".join((COUNT, FORGET, LOOK)), tmp_path)


def test_without_any_process_nothing_is_shown(tmp_path: Path) -> None:
    assert run(LOOK, tmp_path) == [""]
