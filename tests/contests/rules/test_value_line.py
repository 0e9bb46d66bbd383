"""The value of an entry over time is exact, and never looks ahead."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from app.contests.rules.value_line import POINTS, Known, Move, steps, value_line

START = datetime(2026, 3, 4, 12, tzinfo=UTC)


def after(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def known(seconds: int, price: str, token: int = 1) -> Known:
    return Known(after(seconds), token, Decimal(price))


def test_a_trade_moves_cash_into_holdings_and_prices_move_their_worth() -> None:
    moves = [Move(after(10), 1, Decimal(2), Decimal(100)), Move(after(30), 1, Decimal(-1), Decimal(120))]
    prices = [known(5, "90"), known(20, "110"), known(40, "130")]
    at = [after(second) for second in (0, 10, 20, 30, 40)]
    assert value_line(Decimal(1000), moves, prices, at) == [1000, 1000, 1020, 1040, 1050]


def test_what_comes_later_counts_nothing_yet() -> None:
    moves = [Move(after(10), 1, Decimal(2), Decimal(100))]
    assert value_line(Decimal(1000), moves, [known(11, "500")], [after(9), after(10)]) == [1000, 1000]


def test_without_trades_it_is_the_balance() -> None:
    assert value_line(Decimal("10000.5"), [], [known(1, "7")], [after(0), after(9)]) == [Decimal("10000.5")] * 2


def test_steps_are_few_even_and_end_at_the_end() -> None:
    at = steps(START, after(86_400))
    assert (at[0], at[-1]) == (START, after(86_400))
    assert len(at) <= POINTS + 1
    assert {b - a for a, b in pairwise(at)} == {timedelta(seconds=720)}
