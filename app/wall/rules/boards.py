"""The boards a screen can show, the parts each is made of, and whose turn it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TURN_S = 30
"""So long each board of a playlist stays."""
CRITICAL_STAYS_S = 60
"""So long the alerts stay after the last critical one was resolved."""
ALERTS = "alerts"


@dataclass(frozen=True)
class Board:
    name: str
    parts: tuple[str, ...]


BOARDS: Mapping[str, Board] = {
    "market": Board("Market and contests", ("prices", "worst", "contests")),
    ALERTS: Board("Alerts", ("alerts",)),
    "contest": Board("Contest spotlight", ("spotlight",)),
    "health": Board("Health", ("health",)),
}
PARTS = ("top", "foot", *(part for board in BOARDS.values() for part in board.parts))
"""Every part there is; the strips at the top and at the foot belong to all boards."""


def turn(boards: Sequence[str], number: int) -> str:
    """The board of a playlist's turn, round and round."""
    return boards[number % len(boards)]


@dataclass(frozen=True)
class Setting:
    """What is chosen for a screen: its playlist, in this order, and how it is read."""

    name: str
    boards: Sequence[str]
    diagonal_inches: int
    distance_cm: int
    orientation: str
    theme: str
    panel: str
