"""Frames around the end, the middle of what sources said, and ranks among a few."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.contests.rules.replay import AROUND_S, Middle, Told, frames, median, middles, nearest, ranks

END = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "shown"), [(0, 0), (9, 0), (-1, -10), (-600, -600), (-9999, -600), (9999, 600), (35, 30)]
)
def test_every_moment_has_a_frame(asked: int, shown: int) -> None:
    assert nearest(asked) == shown


def test_frames_reach_ten_minutes_to_either_side() -> None:
    at = frames(END)
    assert [int((moment - END).total_seconds()) for moment in (at[0], at[-1])] == [-AROUND_S, AROUND_S]
    assert END in at


@pytest.mark.parametrize(("prices", "middle"), [(["3"], "3"), (["1", "4", "2"], "2"), (["1", "2"], "1.5")])
def test_the_middle_of_prices_is_exact(prices: list[str], middle: str) -> None:
    assert median([Decimal(price) for price in prices]) == Decimal(middle)


def test_a_frame_without_a_fresh_source_has_no_price() -> None:
    told = [Told(1, END, "alpha", Decimal(10)), Told(1, END, "bravo", Decimal(20))]
    assert middles(told) == {(1, END): Middle(Decimal(15), 2)}


def test_equal_scores_share_the_rank() -> None:
    values = {1: Decimal("10.004"), 2: Decimal("10.0049"), 3: Decimal("11"), 4: Decimal("9")}
    assert ranks(values, 2) == {3: 1, 1: 2, 2: 2, 4: 4}
