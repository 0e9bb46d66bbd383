from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contests.rules.prizes import BPS, by_hand, largest_remainder, purse, share

LAMPORTS = st.integers(0, 10**16)
WEIGHTS = st.lists(st.integers(1, 10_000), min_size=1, max_size=12)
SPLITS = WEIGHTS.map(lambda split: sorted(split, reverse=True))


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (900, [6900, 2000, 1100], (621, 180, 99)),
        (10, [1, 1, 1], (4, 3, 3)),
        (11, [1, 1, 1], (4, 4, 3)),
        (1, [5000, 5000], (1, 0)),
        (5, [3334, 3333, 3333], (2, 2, 1)),
        (100, [6900, 2000], (78, 22)),
        (0, [6900, 2000, 1100], (0, 0, 0)),
        (7, [], ()),
    ],
)
def test_largest_remainder(total: int, weights: list[int], parts: tuple[int, ...]) -> None:
    assert largest_remainder(total, weights) == parts


@given(LAMPORTS, WEIGHTS)
def test_no_lamport_is_made_or_lost(total: int, weights: list[int]) -> None:
    assert sum(largest_remainder(total, weights)) == total


@given(LAMPORTS, WEIGHTS)
def test_each_part_is_its_exact_share_rounded_down_or_up(total: int, weights: list[int]) -> None:
    for part, weight in zip(largest_remainder(total, weights), weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@given(LAMPORTS, st.integers(1, 10_000), st.integers(1, 12))
def test_equal_weights_differ_by_a_lamport_at_most_and_the_better_place_has_it(total: int, weight: int, n: int) -> None:
    parts = largest_remainder(total, [weight] * n)
    assert parts[0] - parts[-1] <= 1
    assert list(parts) == sorted(parts, reverse=True)


@given(LAMPORTS, SPLITS)
def test_a_better_place_never_gets_less(total: int, split: list[int]) -> None:
    assert all(better >= worse for better, worse in pairwise(largest_remainder(total, split)))


@dataclass(frozen=True)
class Agreed:
    entry_fee_lamports: int
    sponsored_lamports: int
    platform_fee_bps: int
    prize_split_bps: list[int]


@given(st.integers(1, 10_000), LAMPORTS, LAMPORTS, st.integers(0, BPS), SPLITS)
def test_a_purse_is_fee_and_places(entries: int, fee: int, sponsored: int, fee_bps: int, split: list[int]) -> None:
    money = purse(Agreed(fee, sponsored, fee_bps, split), entries)
    assert money.pool == entries * fee + sponsored == money.fee + sum(money.places)
    assert 0 <= money.pool * fee_bps - money.fee * BPS < BPS
    assert len(money.places) == min(entries, len(split))


@given(SPLITS, LAMPORTS, st.integers(1, 15), st.integers(1, 15))
def test_a_tied_group_shares_only_the_paid_places_it_covers(split: list[int], total: int, rank: int, size: int) -> None:
    places = largest_remainder(total, split)
    one = share(places, rank, size)
    assert one.at_stake == sum(places[place] for place in range(rank - 1, rank - 1 + size) if place < len(places))
    assert one.each * size + one.remainder == one.at_stake
    assert 0 <= one.remainder < size


@given(SPLITS, LAMPORTS, st.integers(1, 15), st.integers(1, 15))
def test_an_order_by_hand_pays_out_what_is_at_stake(split: list[int], total: int, rank: int, size: int) -> None:
    places = largest_remainder(total, split)
    prizes = by_hand(places, rank, size)
    assert sum(prizes) == share(places, rank, size).at_stake
    assert list(prizes) == sorted(prizes, reverse=True)
    assert len(prizes) == size
