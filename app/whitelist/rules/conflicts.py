"""Tokens that a player may take for each other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.whitelist.rules.findings import Line


@dataclass(frozen=True)
class Named:
    """A token with its names, and the skeletons that look-alikes share."""

    mint: str
    symbol: str
    name: str
    looks: tuple[str, str]


@dataclass(frozen=True)
class Conflict:
    """An active token that is in the way of a new one."""

    check: str
    mint: str
    symbol: str
    name: str


JUDGED = {
    "duplicate_mint": ("fail", "not active yet"),
    "duplicate_symbol": ("warn", "a symbol of its own"),
    "look_alike": ("warn", "no active token that looks like it"),
}


def conflicts_of(asked: Named, active: Iterable[Named]) -> list[Conflict]:
    return [Conflict(kind, other.mint, other.symbol, other.name) for other in active if (kind := _kind(asked, other))]


def lines_of_conflicts(conflicts: Sequence[Conflict]) -> Iterator[Line]:
    """One line a token that is in the way, and a pass when there is none. Both mints are always shown whole."""
    for other in conflicts:
        verdict, asked = JUDGED[other.check]
        yield Line(other.check, verdict, f"{other.symbol} {other.name} {other.mint}", asked)
    if not conflicts:
        yield Line("conflicts", "pass", "none", "no active token like it")


def _kind(asked: Named, other: Named) -> str | None:
    if other.mint == asked.mint:
        return "duplicate_mint"
    if other.symbol == asked.symbol:
        return "duplicate_symbol"
    return "look_alike" if set(other.looks) & set(asked.looks) else None
