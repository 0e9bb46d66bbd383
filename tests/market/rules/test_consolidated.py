from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.rules.changes import LARGEST_BPS, bps_of, change_bps, exactly
from app.market.rules.consolidated import consolidated, median

PRICES = st.decimals(min_value="0.000001", max_value="1000000", places=9)


@pytest.mark.parametrize(
    ("given_prices", "price", "spread"),
    [
        ("10", "10", None),
        ("10 10", "10", 0),
        ("10 10.1", "10.05", 100),
        ("10 10.1 10.3", "10.1", 297),
        ("10 10.1 10.3 11", "10.1", 990),  # the middle is 10.2; 11 is more than 2 % above it
        ("1 10 10.1", "10.05", 9055),  # 1 is dropped, the mean of the two left
        ("5 10", "7.5", 6667),  # both deviate from their mean: nobody is more right
        ("9.8 10 10.2", "10", 400),  # exactly 2 % does not deviate
    ],
)
@exactly
def test_the_median_of_those_that_do_not_stand_apart(given_prices: str, price: str, spread: int | None) -> None:
    found = consolidated([Decimal(text) for text in given_prices.split()])
    assert (found.price, found.spread_bps) == (Decimal(price), spread)


@given(st.lists(PRICES, min_size=1, max_size=9))
@exactly
def test_the_price_lies_within_those_given(prices: list[Decimal]) -> None:
    prices.sort()
    assert prices[0] <= consolidated(prices).price <= prices[-1]


@given(st.lists(PRICES, min_size=3, max_size=9), st.integers(2, 1000))
@exactly
def test_one_liar_moves_nothing_beyond_the_honest(prices: list[Decimal], factor: int) -> None:
    honest = sorted(price / 1000 + 100_000 for price in prices)
    lied = sorted([*honest, honest[-1] * factor])
    assert honest[0] <= consolidated(lied).price <= honest[-1]


@given(st.lists(PRICES, min_size=1, max_size=9))
@exactly
def test_half_lie_on_either_side_of_the_median(prices: list[Decimal]) -> None:
    prices.sort()
    middle = median(prices)
    assert sum(price <= middle for price in prices) * 2 >= len(prices) <= sum(price >= middle for price in prices) * 2


@pytest.mark.parametrize(
    ("price", "before", "bps"),
    [("101", "100", 100), ("99.995", "100", -1), ("100.005", "100", 1), ("100.0049", "100", 0), ("5", None, None),
     ("1e18", "1e-18", LARGEST_BPS), ("0.5", "1", -5000)],
)  # fmt: skip
@exactly
def test_changes_are_whole_bps_half_away_from_zero(price: str, before: str | None, bps: int | None) -> None:
    assert change_bps(Decimal(price), None if before is None else Decimal(before)) == bps


@given(PRICES, PRICES)
@exactly
def test_bps_are_the_nearest_whole_number(part: Decimal, whole: Decimal) -> None:
    exact = part * 10_000 / whole
    assert abs(bps_of(part, whole) - min(exact, Decimal(LARGEST_BPS))) <= Decimal("0.5000001")


def test_outside_of_its_context_nothing_is_compared() -> None:
    with pytest.raises(ArithmeticError, match="exactly"):
        change_bps(Decimal("100.01"), Decimal(100))
