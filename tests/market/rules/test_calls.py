"""A call that is judged at once is judged as its ticks one by one."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.rules.calls import columns_at_once
from app.market.rules.ticks import GivenTick, TokenState, checked

NOW_US = 1_795_471_200_000_000
TOKENS = {"mintA": TokenState(7, True), "mintB": TokenState(8, False), "mintC": TokenState(9, True)}
GOOD = GivenTick("mintA", "orca", "147.48", "12.5", "buy", NOW_US)
SMUGGLED = "1\t\t\t1795471200000000\n9\torca\t2"
PLAIN = ["147.48", "0.10", "10", "100.0", "0.000000000000000000000001", "999999999999999999", "0"]
ODD = ["", "1,2", ",", "1e5", "-1", "01", ".5", "5.", SMUGGLED, "1\n", "１", 5, 1.5, True, Decimal("2.50"), None]
CHANGES = st.fixed_dictionaries({}, optional={
    "mint": st.sampled_from([*TOKENS, "", "mintZ"]),
    "source": st.sampled_from(["orca", "a.b-c_d", "two words", "tab\t", "line\n", ""]),
    "price": st.sampled_from([*PLAIN, *ODD]),
    "volume": st.sampled_from([*PLAIN, *ODD]),
    "side": st.sampled_from(["buy", "sell", "", "BUY", None]),
    "at_us": st.sampled_from([NOW_US, NOW_US - 3_600_000_001, NOW_US + 500_001, None]),
})  # fmt: skip


def told(changes: dict[str, Any]) -> GivenTick:
    return GOOD._replace(**changes)


@given(st.lists(CHANGES.map(told), min_size=1, max_size=5), st.none() | st.just({"orca"}))
def test_at_once_is_one_by_one(ticks: list[GivenTick], sources: set[str] | None) -> None:
    one_by_one = [checked(tick, TOKENS, NOW_US, sources) for tick in ticks]
    columns = columns_at_once(ticks, TOKENS, NOW_US, sources)
    assert columns is None or columns.lines() == one_by_one


@pytest.mark.parametrize("changes", [{"price": text} for text in PLAIN[:-1]] + [{"volume": text} for text in PLAIN])
def test_ordinary_calls_are_judged_at_once(changes: dict[str, Any]) -> None:
    ticks = [GOOD, told(changes), told({"mint": "mintC", "volume": None, "side": None})]
    columns = columns_at_once(ticks, TOKENS, NOW_US)
    assert columns
    assert columns.lines() == [checked(tick, TOKENS, NOW_US) for tick in ticks]
    assert columns.repeats
    last = columns_at_once(ticks[1:], TOKENS, NOW_US)
    assert last
    assert not last.repeats


@pytest.mark.parametrize("odd", [odd for odd in ODD if odd is not None])
@pytest.mark.parametrize("field", ["price", "volume"])
def test_odd_numbers_are_left_to_one_by_one(odd: object, field: str) -> None:
    assert columns_at_once([GOOD, told({field: odd})], TOKENS, NOW_US) is None
