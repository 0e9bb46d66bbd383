from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contests.rules.delays import GIVE_UP_AFTER, next_wait


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (6, 60), (100, 60)])
def test_waits_grow_to_a_minute(attempts: int, seconds: int) -> None:
    assert next_wait(attempts, 0.5) == timedelta(seconds=seconds)


@given(st.integers(1, 1000), st.floats(0, 1, exclude_max=True))
def test_chance_spreads_a_wait_by_a_fifth_at_most(attempts: int, chance: float) -> None:
    usual = next_wait(attempts, 0.5)
    assert 0.8 * usual <= next_wait(attempts, chance) < 1.2 * usual + timedelta(microseconds=1)


def test_there_are_many_looks_before_giving_up() -> None:
    longest = sum((next_wait(attempts, 0.999) for attempts in range(1, 13)), timedelta())
    assert longest < GIVE_UP_AFTER == timedelta(minutes=15)
