from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.rules.sentiment import Bar, market_score, mood, score, trend
from app.market.rules.spikes import Usual, Watch, strongest

D = Decimal
AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=3)
CLOSES = st.decimals(min_value="0.001", max_value=10**6, places=6)
BARS = st.lists(st.builds(lambda close, b, s: Bar(0, close, close, close, b + s, b, s), CLOSES, AMOUNTS, AMOUNTS))


def bars(closes: str, *, bought: int = 0, sold: int = 0) -> list[Bar]:
    return [Bar(0, D(one), D(one), D(one), D(bought + sold), D(bought), D(sold)) for one in closes.split()]


def test_a_token_that_only_rises_and_is_only_bought_feels_best() -> None:
    assert mood(D("104"), bars("100 101 102 103", bought=5)).score == 100
    assert mood(D("96"), bars("100 99 98 97", sold=5)).score == -100


def test_each_part_has_its_weight() -> None:
    assert (score(10_000, 0, 0), score(0, 10_000, 0), score(0, 0, -10_000)) == (40, 30, -30)
    assert (
        mood(D("100"), bars("100 100 100", bought=3, sold=1)).score == 15
    )  # half of all volume more bought: 30 % of it


def test_only_the_last_fifteen_minutes_count() -> None:
    long_ago = bars("1 2 3 4 5", bought=1000)
    calm = bars(" ".join(["100"] * 16))
    assert mood(D("100"), [*long_ago, *calm]).score == 0


def test_a_token_without_history_feels_nothing() -> None:
    assert mood(D("5"), []).score == 0
    assert market_score([]) == 0


def test_the_market_is_as_its_tokens_are() -> None:
    up, down = mood(D("104"), bars("100 101", bought=1)), mood(D("96"), bars("100 99", sold=1))
    assert market_score([up, up]) == 100
    assert abs(market_score([up, down])) <= 2  # what was bought is worth a little more than what was sold


@given(CLOSES, BARS)
def test_no_market_feels_better_than_100(price: Decimal, minutes: list[Bar]) -> None:
    one = mood(price, minutes)
    assert -100 <= one.score <= 100
    assert -100 <= market_score([one, one]) <= 100


@pytest.mark.parametrize(
    ("now", "word"), [("110", "steady"), ("110.1", "rising"), ("90", "steady"), ("89.9", "falling")]
)
def test_volume_has_a_trend_beyond_ten_per_cent(now: str, word: str) -> None:
    assert trend(D(now), D(100)) == word


def test_nothing_stands_out_before_there_are_more_than_ten_samples() -> None:
    usual = Usual()
    for sample in range(10):
        usual.add(sample)
    assert usual.excess(1000) is None
    usual.add(10)
    assert (usual.excess(1000) or 0) > 100


def test_a_spike_of_volume_and_a_move_are_found() -> None:
    watch = Watch()
    quiet = [watch.closed(D(100 + number % 7), number % 5) for number in range(30)]
    assert all(found == (None, None) for found in quiet)
    spike, move = watch.closed(D(10_000), -80)
    assert (spike or 0) > 2.5
    assert (move or 0) > 2


def test_a_minute_without_trades_is_no_sample() -> None:
    watch = Watch()
    assert [watch.closed(D(0), None) for _ in range(30)] == [(None, None)] * 30


def test_the_strongest_are_told_last() -> None:
    assert strongest([(3.0, 1, "c"), (9.0, 2, "a"), (5.0, 3, "b")], 2) == [(5.0, 3, "b"), (9.0, 2, "a")]
