"""Starts by local clocks, over the nights in which these are changed."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest

from app.contests.rules.schedule import Rhythm, is_zone, starts_after

DAILY = range(1, 8)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]  # year, month, day, hour, minute


def test_a_local_time_moves_in_utc_with_the_clocks() -> None:
    starts = starts_after(Rhythm("Europe/Berlin", DAILY, time(18)), utc(2026, 3, 28, 0), 2)
    assert starts == [utc(2026, 3, 28, 17), utc(2026, 3, 29, 16)]


def test_a_time_that_is_skipped_is_later_by_the_jump() -> None:
    starts = starts_after(Rhythm("Europe/Berlin", DAILY, time(2, 30)), utc(2026, 3, 28, 12), 2)
    assert starts == [utc(2026, 3, 29, 1, 30), utc(2026, 3, 30, 0, 30)]


def test_a_time_that_comes_twice_is_the_first() -> None:
    starts = starts_after(Rhythm("America/New_York", DAILY, time(1, 30)), utc(2026, 10, 31, 12), 2)
    assert starts == [utc(2026, 11, 1, 5, 30), utc(2026, 11, 2, 6, 30)]
    assert starts_after(Rhythm("America/New_York", DAILY, time(1, 30)), starts[0], 1) == starts[1:]


def test_a_day_that_was_left_out_starts_nothing_twice() -> None:
    starts = starts_after(Rhythm("Pacific/Apia", DAILY, time(10)), utc(2011, 12, 29, 0), 3)
    assert len(set(starts)) == 3
    assert starts == sorted(starts)


def test_only_the_chosen_days_by_the_local_calendar() -> None:
    starts = starts_after(Rhythm("Pacific/Auckland", [1], time(9)), utc(2026, 6, 1, 0), 2)
    assert starts == [utc(2026, 6, 7, 21), utc(2026, 6, 14, 21)]  # Monday there, Sunday in UTC


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe"])
def test_a_year_has_each_day_once_and_in_order(zone: str) -> None:
    starts = starts_after(Rhythm(zone, DAILY, time(2, 15)), utc(2026, 1, 1), 366)
    steps = {later - earlier for earlier, later in pairwise(starts)}
    assert all(timedelta(hours=22, minutes=30) <= step <= timedelta(hours=25, minutes=30) for step in steps)


def test_zones_are_known_by_their_names() -> None:
    assert is_zone("Europe/Berlin")
    assert not any(is_zone(name) for name in ("Berlin", "../etc/passwd", "", "Europe"))
