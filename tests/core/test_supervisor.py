"""Children are started again after growing pauses, and none survives its parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.config import ROOT
from app.core.supervisor import FIRST_PAUSE_S, STEADY_S, Child, end_all

SLEEPS = ["sleep", "60"]
STUBBORN = ["sh", "-c", "trap '' TERM; sleep 60 & while :; do wait; done"]
PARENT = """
import sys
from pathlib import Path
from app.core.supervisor import Child
child = Child("child", ["sleep", "60"], Path("/"))
child.start()
print(child.process.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def child() -> Iterator[Child]:
    child = Child("child", SLEEPS, Path("/"))
    yield child
    end_all([child], patience_s=1)


def fall(child: Child, said: list[str]) -> float:
    """Ends the running child, lets its parent see it, and returns the pause that follows."""
    assert child.process
    child.process.kill()
    child.process.wait()
    child.tend(said.append)
    return child.starts_at - time.monotonic()


def test_a_running_child_is_left_alone(child: Child, said: list[str]) -> None:
    child.start()
    before = child.process
    child.tend(said.append)
    assert (child.process, said) == (before, [])


def test_a_fallen_child_starts_again_and_both_are_said(child: Child, said: list[str]) -> None:
    child.start()
    fall(child, said)
    child.starts_at = 0
    child.tend(said.append)
    assert child.process
    assert said == ["child ended by signal SIGKILL; it starts again in 0.5 s.", "child started again."]


def test_a_child_in_its_pause_is_not_started(child: Child, said: list[str]) -> None:
    child.start()
    fall(child, said)
    child.starts_at += 100
    child.tend(said.append)
    assert child.process is None


def test_pauses_grow_up_to_a_limit(child: Child, said: list[str]) -> None:
    for _ in range(8):
        child.start()
        fall(child, said)
    assert [line.split()[-2] for line in said] == ["0.5", "1", "2", "4", "8", "16", "30", "30"]


def test_a_child_that_ran_long_starts_again_without_a_longer_pause(child: Child, said: list[str]) -> None:
    child.failures = 5
    child.start()
    child.started_at -= STEADY_S + 1
    assert fall(child, said) <= FIRST_PAUSE_S


def test_a_code_of_its_own_is_said(said: list[str]) -> None:
    child = Child("child", ["sh", "-c", "exit 3"], Path("/"))
    child.start()
    assert child.process
    child.process.wait()
    child.tend(said.append)
    assert said == ["child ended with code 3; it starts again in 0.5 s."]


def test_a_stubborn_child_ends_with_its_own_children() -> None:
    child = Child("child", STUBBORN, Path("/"))
    child.start()
    assert child.process
    family = [psutil.Process(child.process.pid)]
    while len(family) < 2:
        family = [family[0], *family[0].children()]
    end_all([child], patience_s=0.2)
    assert psutil.wait_procs(family, timeout=60)[1] == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_child_ends_when_its_parent_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        os.kill(parent.pid, signal.SIGKILL)
        assert psutil.wait_procs([child], timeout=60)[1] == []
