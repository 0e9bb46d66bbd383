"""What a told price must be like before it is a tick."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.rules.ticks import REASONS, GivenTick, TokenState, Verdict, amount, checked, moment

NOW_US = 1_795_471_200_000_000
TOKENS = {"mintA": TokenState(7, True), "mintB": TokenState(8, False)}
GOOD = GivenTick("mintA", "orca", "147.48", "12.5", "buy", NOW_US)


def judged(**changes: Any) -> str | Verdict:
    return checked(GOOD._replace(**changes), TOKENS, NOW_US)


def test_a_good_tick_becomes_a_line() -> None:
    assert judged() == f"7\torca\t147.48\t12.5\tbuy\t{NOW_US}"


def test_what_is_not_told_stays_empty() -> None:
    assert judged(volume=None, side=None) == f"7\torca\t147.48\t\t\t{NOW_US}"


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("unknown_token", {"mint": "mintC"}),
        ("unknown_token", {"mint": ""}),
        ("inactive_token", {"mint": "mintB"}),
        ("bad_source", {"source": ""}),
        ("bad_source", {"source": "two words"}),
        ("bad_source", {"source": "tab\there"}),
        ("bad_source", {"source": "line\n"}),
        ("bad_source", {"source": "x" * 41}),
        ("bad_price", {"price": "0"}),
        ("bad_price", {"price": "0.000"}),
        ("bad_price", {"price": "0e5"}),
        ("bad_price", {"price": "-1"}),
        ("bad_price", {"price": "NaN"}),
        ("bad_price", {"price": "Infinity"}),
        ("bad_price", {"price": "1e308"}),
        ("bad_price", {"price": "1e-25"}),
        ("bad_price", {"price": Decimal("-0.5")}),
        ("bad_price", {"price": Decimal("sNaN")}),
        ("bad_volume", {"volume": "-0.1"}),
        ("bad_volume", {"volume": ""}),
        ("bad_side", {"side": "BUY"}),
        ("bad_side", {"side": ""}),
        ("bad_time", {"at_us": None}),
        ("bad_time", {"at_us": NOW_US - 3_600_000_001}),
        ("in_future", {"at_us": NOW_US + 500_001}),
    ],
)
def test_each_reason(reason: str, changes: dict[str, Any]) -> None:
    assert judged(**changes) == Verdict(reason)
    assert reason in REASONS


@pytest.mark.parametrize("at_us", [NOW_US - 3_600_000_000, NOW_US + 500_000])
def test_the_edges_of_time_are_inside(at_us: int) -> None:
    assert isinstance(judged(at_us=at_us), str)


@pytest.mark.parametrize(
    ("told", "plain"),
    [
        ("1", "1"), ("1.50", "1.5"), ("007.5", "7.5"), ("1e-7", "0.0000001"), ("1E+3", "1000"), ("100", "100"),
        ("0.1000000000000000055511151231257827", None), ("1" * 19, None), ("1_0", None), ("１", None), (" 1", None),
        (Decimal("2.50"), "2.5"), (Decimal("1E+2"), "100"),
    ],
)  # fmt: skip
def test_a_number_has_one_plain_form(told: str | Decimal, plain: str | None) -> None:
    assert amount(told) == plain


@given(st.decimals(min_value=0, max_value=10**17, places=18, allow_nan=False))
def test_no_digit_is_lost(number: Decimal) -> None:
    plain = amount(number)
    assert plain is not None
    assert (Decimal(plain), amount(plain)) == (number, plain)


@given(st.text())
def test_any_text_is_a_plain_number_or_none(text: str) -> None:
    plain = amount(text)
    assert plain is None or set(plain) <= set("0123456789.")


@pytest.mark.parametrize(
    ("told", "at_us"),
    [
        ("2026-11-23T22:00:00Z", NOW_US),
        ("2026-11-23t23:00:00.5+01:00", NOW_US + 500_000),
        (NOW_US // 1000, NOW_US),
        ("2026-11-23T22:00:00", None), ("2026-11-23", None), ("2026-W48-1T22:00:00Z", None),
        ("2026-02-30T00:00:00Z", None),
        (True, None), (None, None), ("1795471200000", None), ([], None),
    ],
)  # fmt: skip
def test_moments(told: object, at_us: int | None) -> None:
    assert moment(told) == at_us
