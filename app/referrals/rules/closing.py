"""What keeps a period from being closed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CloseFacts:
    """`flagged` counts referrers in prized places with something open, `waiting` work that may change ranks."""

    state: str
    flagged: int
    waiting: int


def blockers(facts: CloseFacts) -> list[str]:
    """One sentence each; empty when nothing is in the way."""
    found = []
    if facts.state == "open":
        found.append("It is not over yet.")
    if facts.flagged:
        found.append(f"Of the referrers in prized places {facts.flagged} have open risk signals.")
    if facts.waiting:
        found.append(f"{facts.waiting} referrals or contests still wait to be looked at, or were given up.")
    return found
