from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.engine.book import Book
from app.market.rules.changes import Day
from app.market.rules.frames import Row
from app.market.rules.wire import Columns

D = Decimal
T0 = 1_700_000_040_000_000
"""A whole minute."""
SECOND = 1_000_000


def tick(
    price: str, *, at: int = T0, source: str = "orca", volume: str = "", side: str = "", token: int = 1
) -> list[str]:
    return [str(token), source, price, volume, side, str(at)]


def taken(book: Book, ticks: Sequence[list[str]]) -> list[tuple[int, str]]:
    return book.take(Columns(*zip(*ticks, strict=True)))


def row_of(book: Book, now: int, *ticks: list[str]) -> Row:
    taken(book, ticks)
    book.follow(now)
    book.count()
    book.settle(now)
    return Row(*book.tokens["1"].row)


def test_a_token_is_told_when_its_row_changes() -> None:
    book = Book(T0)
    taken(book, [tick("5"), tick("7", token=2)])
    assert {token.id for token in book.settle(T0)} == {1, 2}
    taken(book, [tick("5")])
    assert book.settle(T0) == []


def test_sources_are_consolidated() -> None:
    ticks = [tick("10", source="a"), tick("10.1", source="b"), tick("10.2", source="c")]
    row = row_of(Book(T0), T0, *ticks)
    assert (row.price, row.fresh_sources, row.spread_bps, row.mark) == ("10.1", 3, 198, None)


def test_a_source_counts_for_three_seconds() -> None:
    book = Book(T0)
    assert row_of(book, T0, tick("10", source="a"), tick("10.2", source="b", at=T0 + SECOND)).price == "10.1"
    assert row_of(book, T0 + 3 * SECOND).fresh_sources == 2
    assert row_of(book, T0 + 3 * SECOND + 1)[1] == "10.2"
    last = row_of(book, T0 + 9 * SECOND)
    assert (last.price, last.fresh_sources, last.at_ms) == ("10.2", 0, (T0 + SECOND) // 1000)


def test_stale_tokens_are_the_active_ones_without_a_fresh_source() -> None:
    book = Book(T0)
    row_of(book, T0, tick("1"), tick("1", token=2, at=T0 - 5 * SECOND))
    assert book.stale_tokens({"1", "2", "3"}) == 2


@pytest.mark.parametrize(("price", "mark"), [("13", None), ("13.0001", "jump"), ("7", None), ("6.99", "jump")])
def test_a_jump_of_more_than_thirty_per_cent_is_suspect(price: str, mark: str | None) -> None:
    book = Book(T0)
    taken(book, [tick("10")])
    assert taken(book, [tick("4", token=2), tick(price)]) == ([(1, mark)] if mark else [])
    book.settle(T0)
    assert Row(*book.tokens["1"].row).mark == (mark and "suspect")


def test_a_price_that_stands_still_while_others_move_is_suspect() -> None:
    book = Book(T0)
    taken(book, [tick("10"), tick("10", source="b")])
    minute = T0 + 60 * SECOND
    assert taken(book, [tick("10", at=minute), tick("10.1", at=minute, source="b")]) == []
    assert taken(book, [tick("10", at=minute + 1)]) == [(0, "frozen")]
    assert taken(book, [tick("10.01", at=minute + 2)]) == []


def test_a_market_that_stands_still_is_not_suspect() -> None:
    book = Book(T0)
    for second in range(200):
        assert taken(book, [tick("10", at=T0 + second * SECOND, source=one) for one in "ab"]) == []


def test_the_change_of_a_minute_is_against_the_price_sixty_seconds_ago() -> None:
    book = Book(T0)
    for second in range(61):
        row = row_of(book, T0 + second * SECOND, tick(str(100 + second), at=T0 + second * SECOND))
    assert row.m1_bps is None
    row = row_of(book, T0 + 61 * SECOND, tick("200", at=T0 + 61 * SECOND))
    assert row.m1_bps == 10_000  # 100 at the end of the first second


def test_figures_of_the_day_come_from_candles_and_what_happened_since() -> None:
    book = Book(T0)
    row_of(book, T0, tick("10", volume="2"))
    book.begin_days({1: Day(T0 // (60 * SECOND), D(8), D(5), D(100), D(12), D(9))}, T0 // (60 * SECOND))
    row = row_of(book, T0 + 1, tick("10.5", volume="0.5"))
    assert row[4:9] == (3125, 11_000, "102.5", "12", "9")


def test_a_later_day_forgets_no_minute_that_candles_do_not_have_yet() -> None:
    book, minute = Book(T0), T0 // (60 * SECOND)
    row_of(book, T0, tick("10", volume="2"))
    later = T0 + 60 * SECOND
    book.end_minutes(later)
    row_of(book, later, tick("20", volume="3", at=later))
    book.begin_days({1: Day(minute, None, None, D(100), D(15), D(15))}, minute)
    assert row_of(book, later)[6:9] == ("105", "20", "10")
    book.begin_days({1: Day(minute + 1, None, None, D(102), D(15), D(15))}, minute + 1)
    assert row_of(book, later)[6:9] == ("105", "20", "15")


def test_candles_are_handed_over_in_parts() -> None:
    book = Book(T0)
    row_of(book, T0, tick("10", volume="1", side="buy"))
    row_of(book, T0, tick("12", volume="2", side="sell", at=T0 + 1))
    (first,) = book.parts(T0)
    assert (first.open, first.high, first.low, first.close, first.ticks) == (D(10), D(12), D(10), D(12), 2)
    assert (first.volume, first.bought, first.sold) == (D(3), D(1), D(2))
    assert book.parts(T0) == []
    taken(book, [tick("11", at=T0 + 2)])
    assert [(part.open, part.close, part.ticks) for part in book.parts(T0)] == [(D(11), D(11), 1)]


def test_ticks_at_the_end_of_a_minute_count_in_it() -> None:
    book = Book(T0)
    taken(book, [tick("10")])
    book.end_minutes(T0 + 60 * SECOND)
    taken(book, [tick("11", at=T0 + 60 * SECOND)])
    first, second = book.parts(T0 + 60 * SECOND)
    assert ((second.minute - first.minute).seconds, first.close, second.open) == (60, D(10), D(11))
    assert [Row(*token.row).price for token in book.settle(T0 + 60 * SECOND)] == ["11"]


def test_a_row_that_reached_nobody_is_told_again() -> None:
    book = Book(T0)
    row_of(book, T0, tick("10"))
    book.tell_again([book.tokens["1"]])
    assert [token.id for token in book.settle(T0)] == [1]


def test_a_volume_that_stands_out_is_news() -> None:
    book = Book(T0)
    for minute in range(20):
        at = T0 + minute * 60 * SECOND
        book.end_minutes(at)
        row_of(book, at, tick("10", at=at, volume=str(100 + minute % 7)))
    at = T0 + 20 * 60 * SECOND
    assert book.end_minutes(at) == []
    row_of(book, at, tick("10", at=at, volume="100000"))
    ((kind, token, words),) = book.end_minutes(at + 60 * SECOND)
    assert (kind, token) == ("volume_spike", 1)
    assert "100000" in words


PRICE = st.decimals(min_value="0.0001", max_value=10**6, places=6).map(lambda price: format(price, "f"))
TICKS = st.lists(st.tuples(PRICE, st.sampled_from("abc"), st.integers(1, 3), st.integers(0, 90 * SECOND)), max_size=40)


@given(TICKS, st.integers(1, 7))
def test_parts_hold_every_tick_and_every_price_fits(given_ticks: list[tuple[str, str, int, int]], every: int) -> None:
    book, parts = Book(T0), []
    for number, (price, source, token, after) in enumerate(sorted(given_ticks, key=lambda one: one[3])):
        book.end_minutes(T0 + after)
        taken(book, [tick(price, source=source, token=token, at=T0 + after, volume="1")])
        if number % every == 0:
            book.settle(T0 + after)
            parts += book.parts(T0 + after)
    parts += book.parts(T0 + 90 * SECOND)
    assert sum(part.ticks for part in parts) == len(given_ticks) == sum(part.volume for part in parts)
    assert all(0 < part.low <= min(part.open, part.close) <= max(part.open, part.close) <= part.high for part in parts)
