"""One small contest for each rule, with what the rule makes of it."""

from collections.abc import Callable
from typing import Any

from tests.contests.bundles import SOL, Document

Case = tuple[Document, dict[str, Any]]
VIEWS: dict[str, Callable[[Document], Any]] = {
    "reasons": lambda outcome: {problem["mint"]: problem["reasons"] for problem in outcome["problems"]},
    "price": lambda outcome: outcome["prices"][SOL].rstrip("0").rstrip("."),
    "gap": lambda outcome: outcome["settlement"][SOL]["gap"],
    "sources": lambda outcome: {name: at["seconds"] for name, at in outcome["settlement"][SOL]["sources"].items()},
    "ranks": lambda outcome: [(row["rank"], row["wallet"]) for row in outcome["standings"]],
    "prizes": lambda outcome: [row["prize_lamports"] for row in outcome["standings"]],
    "ties": lambda outcome: [
        (tie["rank"], tie["size"], tie["at_stake_lamports"], tie["remainder_lamports"]) for tie in outcome["ties"]
    ],
}


def seen(outcome: Document, what: str) -> Any:
    """One thing about an outcome: a view, a field of its own, or one of its first standing's."""
    if what in VIEWS:
        return VIEWS[what](outcome)
    return outcome[what] if what in outcome else outcome["standings"][0][what]
