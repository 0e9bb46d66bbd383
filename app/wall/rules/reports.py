"""What a screen tells of itself, brought into bounds: it comes from a browser, so any of it may be anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

STATES = ("connecting", "live", "lagging", "stale", "disconnected", "maintenance", "updating")
LONGEST_WORD = 40
LARGEST = 2_000_000_000


@dataclass(frozen=True)
class Report:
    """Lag and heap are None where a screen cannot say."""

    state: str
    board: str
    painted_ms: int
    lag_ms: int | None
    word: str
    heap_bytes: int | None
    nodes: int
    fps: int
    version: str
    width: int
    height: int


def report_of(facts: Mapping[str, Any]) -> Report:
    state = facts.get("state")
    return Report(
        state if state in STATES else "unknown",
        _word(facts, "board"),
        _whole(facts, "painted_ms") or 0,
        _whole(facts, "lag_ms"),
        _word(facts, "word"),
        _whole(facts, "heap_bytes"),
        _whole(facts, "nodes") or 0,
        _whole(facts, "fps") or 0,
        _word(facts, "version"),
        _whole(facts, "width") or 0,
        _whole(facts, "height") or 0,
    )


def _word(facts: Mapping[str, Any], name: str) -> str:
    told = facts.get(name)
    printable = "".join(char for char in told if char.isprintable()) if isinstance(told, str) else ""
    return printable[:LONGEST_WORD]


def _whole(facts: Mapping[str, Any], name: str) -> int | None:
    told = facts.get(name)
    if isinstance(told, bool) or not isinstance(told, int | float) or (isinstance(told, float) and not isfinite(told)):
        return None
    return int(max(0, min(told, LARGEST)))
