"""What floats decide in the book is what all digits would say: prices that only their last digits tell apart."""

from decimal import Decimal
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.engine.book import Book
from app.market.engine.book.prices import nearly
from app.market.rules.changes import Day, change_bps, exactly
from app.market.rules.consolidated import consolidated
from app.market.rules.frames import Row
from app.market.rules.suspect import JUMP
from app.market.rules.wire import Columns

D = Decimal
T0 = 1_700_000_040_000_000
MINUTE = T0 // 60_000_000
UNIT = 10**24
"""Prices as whole numbers of their last digit."""
EDGES = [1, "1.3", "0.7", "1.02", "0.98", "1.00005", "1.00015", "0.99995", "1.005", 500]
"""Where an answer changes: a jump, a source that stands apart, halves of a basis point."""


def written(units: int) -> str:
    return f"{units // UNIT}.{units % UNIT:024}"


NEAR_AN_EDGE = st.builds(
    lambda base, edge, off: written(base * int(Decimal(edge) * 100_000) // 100_000 + off),
    st.sampled_from([UNIT, UNIT // 5000, 9_000_000 * UNIT]), st.sampled_from(EDGES), st.integers(-2, 2),
)  # fmt: skip
ANY_PRICE = st.integers(1, 10**18 * UNIT - 1).map(written)
CALLS = st.lists(st.lists(st.tuples(st.sampled_from("abcd"), NEAR_AN_EDGE), min_size=1, max_size=6), max_size=6)


@given(st.lists(ANY_PRICE | NEAR_AN_EDGE, min_size=1))
def test_floats_are_the_nearest(texts: list[str]) -> None:
    assert np.array_equal(nearly(texts), [float(text) for text in texts])


@given(CALLS, NEAR_AN_EDGE, NEAR_AN_EDGE)
@exactly
def test_the_book_says_what_all_digits_say(calls: list[list[tuple[str, str]]], hour_ago: str, day_ago: str) -> None:
    book, known, prices = Book(T0), dict[str, Decimal](), list[Decimal]()
    for call in calls:
        sources, texts = zip(*call, strict=True)
        jumps = []
        for place, (source, text) in enumerate(call):
            before = known.get(source, D(text))
            if abs(D(text) - before) > before * JUMP:
                jumps.append((place, "jump"))
            known[source] = D(text)
        size = len(call)
        told = Columns(["1"] * size, sources, texts, [""] * size, [""] * size, [str(T0)] * size)
        assert book.take(told) == jumps
        if not prices:
            book.begin_days({1: Day(MINUTE, D(hour_ago), D(day_ago), D(0), None, None)}, MINUTE)
        book.settle(T0)
        row = Row(*book.tokens["1"].row)
        price, spread_bps = consolidated(sorted(known.values()))
        prices.append(price)
        assert (D(row.price), row.spread_bps, row.fresh_sources) == (price, spread_bps, len(known))
        assert (row.h1_bps, row.d1_bps) == (change_bps(price, D(hour_ago)), change_bps(price, D(day_ago)))
        assert (D(row.high_24h), D(row.low_24h)) == (max(prices), min(prices))


@pytest.mark.parametrize("units", list(permutations((-1, 0, 2))))
def test_prices_that_only_their_last_digit_orders(units: tuple[int, ...]) -> None:
    book, texts = Book(T0), [written(9_000_000 * UNIT + off) for off in units]
    book.take(Columns(["1"] * 3, "abc", texts, [""] * 3, [""] * 3, [str(T0)] * 3))
    book.settle(T0)
    assert D(Row(*book.tokens["1"].row).price) == 9_000_000


@pytest.mark.parametrize(("text", "bps"), [("1.00015", 2), ("0.99985", -2), ("1.000149999999999999999999", 1)])
def test_half_a_basis_point_counts_away_from_zero(text: str, bps: int) -> None:
    book = Book(T0)
    book.take(Columns(["1"], ["a"], [text], [""], [""], [str(T0)]))
    book.begin_days({1: Day(MINUTE, D(1), D(1), D(0), None, None)}, MINUTE)
    book.settle(T0)
    assert Row(*book.tokens["1"].row).h1_bps == bps
