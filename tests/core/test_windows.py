"""Moving windows: exactly as many as the rule says, across processes, and without Valkey in each alone."""

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy.orm import Session

from app.core.extensions import valkey
from app.core.windows import Rule, Windows

THREE = Rule("test:three", 3, 60)


@pytest.fixture(autouse=True)
def fresh(session: Session) -> None:
    valkey().flushdb()


def test_so_many_pass_and_the_next_is_told_how_long_to_wait() -> None:
    waits = Windows(valkey()).waits_s([[THREE]] * 5)
    assert waits[:3] == [0, 0, 0]
    assert all(59 <= wait <= 60 for wait in waits[3:])


def test_two_processes_share_a_window() -> None:
    here, there = Windows(valkey()), Windows(valkey())
    assert here.waits_s([[THREE]] * 2) == there.waits_s([[THREE]])[:1] * 2 == [0, 0]
    assert here.waits_s([[THREE]]) != [0]


def test_who_is_refused_by_one_rule_is_counted_by_none() -> None:
    windows = Windows(valkey())
    other = Rule("test:other", 1, 60)
    assert windows.waits_s([[other]]) == [0]
    assert windows.waits_s([[THREE, other]] * 9) != [0] * 9
    assert windows.waits_s([[THREE]] * 3) == [0, 0, 0]


def test_who_all_processes_refuse_is_counted_by_none_of_them() -> None:
    here, there = Windows(valkey()), Windows(valkey())
    other = Rule("test:other", 1, 60)
    there.waits_s([[THREE], [other]])
    assert here.waits_s([[THREE, other]] * 5) != [0] * 5
    assert here.wait_here_s([THREE]) == 0
    assert here.waits_s([[THREE]] * 2) == [0, 0]


def test_without_valkey_each_process_counts_alone() -> None:
    windows = Windows(Redis(port=1))
    assert [wait > 0 for wait in windows.waits_s([[THREE]] * 4)] == [False] * 3 + [True]


def test_a_window_moves_on(isolated: Flask) -> None:
    windows = Windows(valkey())
    brief = Rule("test:brief", 1, 0)
    assert windows.waits_s([[brief], [brief]]) == [0, 0]
