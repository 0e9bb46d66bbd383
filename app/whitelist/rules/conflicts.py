"""Tokens that a player may take for each other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.whitelist.rules.findings import Line


@dataclass(frozen=True)
class Named:
    """A token with its names, and the skeletons that look-alikes share."""

    mint: str
    symbol: str
    name: str
    looks: tuple[str, str]


def lines_of_conflicts(asked: Named, active: Iterable[Named]) -> Iterator[Line]:
    """One line a token that is in the way, and a pass when there is none. Both mints are always shown whole."""
    conflicts = [line for other in active if (line := _conflict(asked, other)) is not None]
    yield from conflicts or [Line("conflicts", "pass", "none", "no active token like it")]


def _conflict(asked: Named, other: Named) -> Line | None:
    said = f"{other.symbol} {other.name} {other.mint}"
    if other.mint == asked.mint:
        return Line("duplicate_mint", "fail", said, "not active yet")
    if other.symbol == asked.symbol:
        return Line("duplicate_symbol", "warn", said, "a symbol of its own")
    if set(other.looks) & set(asked.looks):
        return Line("look_alike", "warn", said, "no active token that looks like it")
    return None
