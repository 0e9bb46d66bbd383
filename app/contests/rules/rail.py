"""How far a contest has come, as the steps a person thinks in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.contests.rules.needs import count_of

NAMES = ("Live", "Ended", "Prices", "Evaluated", "Ties", "Final", "Paid")
REACHED = {
    "scheduled": 0, "live": 0, "ended": 2, "price_check": 2, "delayed": 2, "evaluating": 3, "review": 3,
    "proposed": 4, "final": 6, "paying": 6, "paid": 7,
}  # fmt: skip
"""State → how many steps are behind it."""
STOPPED = ("delayed", "review")
ENDED_FOR_GOOD = ("void", "refunding", "refunded")


@dataclass(frozen=True)
class Step:
    name: str
    status: Literal["done", "now", "stop", "later"]
    at: datetime | None
    note: str


@dataclass(frozen=True)
class Life:
    """`reached` holds the last time each state was entered; `version` and the ties are of the current result."""

    state: str
    reached: Mapping[str, datetime]
    started_at: datetime | None
    ended_at: datetime | None
    version: int | None
    ties: int
    open_ties: int


def rail(life: Life) -> tuple[Step, ...]:
    if life.state in ENDED_FOR_GOOD:
        return _until_void(life)
    behind = REACHED[life.state]
    if life.state == "proposed" and not life.open_ties:
        behind = 5
    return tuple(Step(name, _status(life, place, behind), _at(life, name), _note(life, name, place, behind))
                 for place, name in enumerate(NAMES))  # fmt: skip


def _status(life: Life, place: int, behind: int) -> Literal["done", "now", "stop", "later"]:
    if place < behind:
        return "done"
    if place > behind or life.state == "scheduled":
        return "later"
    return "stop" if life.state in STOPPED or (place == 4 and life.open_ties) else "now"


def _at(life: Life, name: str) -> datetime | None:
    moments = {
        "Live": life.started_at,
        "Ended": life.ended_at,
        "Prices": life.reached.get("evaluating"),
        "Evaluated": life.reached.get("proposed"),
        "Final": life.reached.get("final"),
        "Paid": life.reached.get("paid"),
    }
    return moments.get(name)


def _note(life: Life, name: str, place: int, behind: int) -> str:
    if place > behind:
        return ""
    if name == "Evaluated" and place < behind and life.version:
        return f"v{life.version}"
    if name == "Ties" and life.open_ties:
        return f"{life.open_ties} open"
    if name == "Ties" and place < behind:
        return f"{count_of(life.ties, 'tie')} resolved" if life.ties else "none"
    here = {"live": "running", "price_check": "checking", "evaluating": "working", "delayed": "delayed",
            "review": "in review", "ended": "waits to be asked",
            "final": "two people", "paying": "on its way"}  # fmt: skip
    return here.get(life.state, "") if place == behind else ""


def _until_void(life: Life) -> tuple[Step, ...]:
    lived = tuple(
        Step(name, "done", at, "")
        for name, at in (("Live", life.started_at), ("Ended", life.ended_at))
        if at is not None
    )
    return (*lived, Step("Void", "stop", life.reached.get("void"), life.state if life.state != "void" else ""))
