"""Amounts are whole lamports, prices and quantities exact decimals: no float comes near them."""

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, DateTime, Float

from app import domains
from app.core.database import Base, Lamports
from tests.house.sources import Planted, Source, hold, sees, sources

PRICED = {"market", "contests", "payouts", "referrals"}
FLOATS = {
    "app/contests/rules/delays.py": "the random share of a waiting time",
    "app/contests/views/clocks.py": "seconds on a clock",
    "app/market/live/__init__.py": "seconds until a frame was painted",
    "app/market/live/board.py": "seconds on clocks",
    "app/market/live/follower.py": "seconds to wait",
    "app/referrals/intake/receiver.py": "seconds to wait",
    "app/referrals/rules/trying.py": "the random share of a waiting time",
    "app/market/engine/book/prices.py": "decides the clear cases; what is not clear is left to all digits",
    "app/market/engine/book/standing.py": "the float beside an exact price",
    "app/market/rules/spikes.py": "the logarithm of volumes, and σ",
}
FLAGS = {
    "entries.disqualified": "when an entry was disqualified is not handed over to us",
    "clicks.is_bare": "what a request did not say; `at` is when it did not",
    "devices.at_signup": "why they were seen; `seen_at` is when",
}
MOMENTS = ("_at", ".at", "_from", "_to", "_until", ".until", ".minute")


@cache
def columns() -> list[tuple[str, Column[Any]]]:
    """Every column of ours with its full name."""
    for domain in domains.FLOORS:
        if find_spec(f"app.{domain}.models"):
            import_module(f"app.{domain}.models")
    return [(f"{table.name}.{column.name}", column) for table in Base.metadata.tables.values() for column in table.c]


def no_floats(source: Source) -> Iterator[str]:
    """Use int for lamports and Decimal for the rest; a float for anything else gets its reason in FLOATS."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and node.id in {"float", "Float", "REAL"}:
            yield f"{node.lineno}: {node.id}"
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{node.lineno}: {node.value}"


def no_rounding_by_habit(source: Source) -> Iterator[str]:
    """round() of a Decimal goes to the even neighbour: use core.money.rounded, half away from zero."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "round" and "time." not in ast.unparse(node):
            yield f"{node.lineno}: {ast.unparse(node)}"
        if isinstance(node, ast.Attribute) and node.attr in {"ROUND_HALF_EVEN", "ROUND_HALF_DOWN"}:
            yield f"{node.lineno}: {ast.unparse(node)}"


MONEY = [source for source in (*sources("app"), *sources("wsgi.py")) if source.domain in PRICED]
MONEY += sources("app/core/money.py")


def test_no_floats() -> None:
    hold(no_floats, [source for source in MONEY if source.path not in FLOATS])


def test_no_rounding_by_habit() -> None:
    hold(no_rounding_by_habit, MONEY)


def test_every_allowed_float_is_still_there() -> None:
    allowed = [source for source in MONEY if source.path in FLOATS]
    idle = {source.path for source in allowed if not list(no_floats(source))} | FLOATS.keys() - {
        s.path for s in allowed
    }
    assert not idle, f"These use no float any more; take them off FLOATS: {idle}"


def test_lamports_are_whole_numbers_in_the_database() -> None:
    amounts = [(name, column) for name, column in columns() if name.endswith("_lamports")]
    wrong = [name for name, column in amounts if not isinstance(column.type, Lamports)]
    assert amounts
    assert not wrong, f"Amounts are Lamports (bigint): {wrong}"


def test_the_database_has_no_floats() -> None:
    wrong = [name for name, column in columns() if isinstance(column.type, Float)]
    assert not wrong, f"Prices and quantities are numeric (Exact): {wrong}"


def test_times_know_their_zone_and_say_at() -> None:
    times = [(name, column.type) for name, column in columns() if isinstance(column.type, DateTime)]
    wrong = [name for name, kind in times if not kind.timezone or not name.endswith(MOMENTS)]
    assert times
    assert not wrong, f"A moment is an Instant and its column ends in _at: {wrong}"


def test_a_moment_says_more_than_a_flag() -> None:
    flags = {name for name, column in columns() if isinstance(column.type, Boolean)}
    assert flags == FLAGS.keys(), f"Keep when it happened (…_at) instead of that it did, or say why not: {flags}"


PLANTED: list[Planted] = [
    (no_floats, "app/contests/x.py", "def x(price: float) -> None: ..."),
    (no_floats, "app/contests/x.py", "x = price * 1.1"),
    (no_floats, "app/market/x.py", "x = float(price)"),
    (no_rounding_by_habit, "app/contests/x.py", "x = round(score, 2)"),
    (no_rounding_by_habit, "app/contests/x.py", "x = decimal.ROUND_HALF_EVEN"),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted[0].__name__)
def test_a_planted_fault_is_seen(planted: Planted) -> None:
    assert sees(planted)
