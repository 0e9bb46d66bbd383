"""What people read."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import formats

NOW = datetime(2026, 3, 1, 14, 3, 7, 250_000, UTC)


@pytest.mark.parametrize(
    ("lamports", "text"),
    [
        (0, "0.000000000"),
        (1, "0.000000001"),
        (1_234_567_890, "1.234567890"),
        (-357_142_858, "−0.357142858"),
        (12_345_000_000_000, "12,345.000000000"),
        (9_223_372_036_854_775_807, "9,223,372,036.854775807"),
        (None, "—"),
    ],
)
def test_sol_has_all_nine_decimals(lamports: int | None, text: str) -> None:
    assert formats.sol(lamports) == text


@given(st.integers(-(2**63), 2**63 - 1))
def test_sol_loses_no_lamport(lamports: int) -> None:
    digits = formats.sol(lamports).replace(",", "").replace(".", "").replace("−", "-")
    assert int(digits) == lamports


def test_a_change_shows_its_sign() -> None:
    assert formats.sol(5, sign=True) == "+0.000000005"
    assert formats.sol(0, sign=True) == "0.000000000"


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Decimal("10137.745"), 2, "10,137.75"),
        (Decimal("-10137.745"), 2, "−10,137.75"),
        (Decimal("0.0000213"), None, "0.0000213"),
        (Decimal("1E+3"), None, "1,000"),
        ("41.270000000000000000", None, "41.270000000000000000"),
        (1200, None, "1,200"),
        (None, 2, "—"),
    ],
)
def test_decimals_round_half_away_from_zero(value: Decimal | int | str | None, places: int | None, text: str) -> None:
    assert formats.decimal(value, places) == text


@pytest.mark.parametrize(("bps", "text"), [(690, "6.90\xa0%"), (-13, "−0.13\xa0%"), (10_000, "100.00\xa0%")])
def test_basis_points_read_as_per_cent(bps: int, text: str) -> None:
    assert formats.percent(bps) == text


def test_times_are_utc_wherever_they_come_from() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=9)))
    assert formats.utc(there) == "2026-03-01 14:03:07 UTC"
    assert formats.utc(there, "iso") == "2026-03-01T14:03:07.250000Z"


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=0.4), "now"),
        (timedelta(seconds=59), "59 s ago"),
        (timedelta(minutes=3, seconds=59), "3 min ago"),
        (timedelta(hours=25), "1 d ago"),
        (timedelta(hours=-2), "in 2 h"),
    ],
)
def test_ago_names_the_largest_unit(span: timedelta, text: str) -> None:
    assert formats.ago(NOW - span, NOW) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (0.25, "250 ms"), (75, "1 min 15 s"), (3600, "1 h"), (3605, "1 h"), (90_000, "1 d 1 h"), (-4, "−4 s")],
)
def test_durations_name_two_units(seconds: float, text: str) -> None:
    assert formats.duration(seconds) == text


def test_long_addresses_show_both_ends() -> None:
    assert formats.short_address("EKpQGSJtjMFqKZ9KQanSqYXRcF8fBopzLHYxdM65zcjm") == "EKpQ…zcjm"
    assert formats.short_address("player00006") == "player00006"


@pytest.mark.parametrize(("size", "text"), [(0, "0 B"), (1023, "1,023 B"), (1536, "1.5 KiB"), (2**26, "64.0 MiB")])
def test_sizes_of_files(size: int, text: str) -> None:
    assert formats.byte_size(size) == text


def test_counts_agree_with_their_noun() -> None:
    assert formats.count(1, "player") == "1 player"
    assert formats.count(1200, "player") == "1,200 players"
    assert formats.count(2, "tie") == "2 ties"
    assert formats.count(0, "entry", "entries") == "0 entries"
