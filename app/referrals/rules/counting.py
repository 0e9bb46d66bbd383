"""What a referral adds to what is counted. A change moves the difference between before and after."""

from collections import Counter
from dataclasses import dataclass

Places = Counter[tuple[int, str]]
"""How much, by period and column."""


@dataclass(frozen=True)
class Weighed:
    """As much of a referral as decides what it adds."""

    state: str
    risk: int
    signup_period_id: int | None
    period_id: int | None

    @property
    def counts(self) -> bool:
        """Whether its period ranks it: qualified, and nothing open against it."""
        return self.state in {"qualified", "rewarded"} and self.risk == 0


def in_standings(one: Weighed | None) -> Places:
    """Of its referrer. None: before it was there."""
    found: Places = Counter()
    if one is None:
        return found
    _add(found, one.signup_period_id, "signups")
    _add(found, one.signup_period_id, "pending", one.state == "pending")
    _add(found, one.period_id, "qualified", one.state in {"qualified", "rewarded"})
    _add(found, one.period_id, "counted", one.counts)
    is_open = one.risk > 0 and one.state in {"pending", "qualified", "rewarded"}
    _add(found, one.period_id or one.signup_period_id, "flagged", is_open)
    return found


def in_tallies(one: Weighed | None) -> Places:
    """Of its source and campaign."""
    found: Places = Counter()
    if one is None:
        return found
    _add(found, one.signup_period_id, "signups")
    _add(found, one.period_id, "qualified", one.state in {"qualified", "rewarded"})
    _add(found, one.period_id, "rewarded", one.state == "rewarded")
    return found


def difference(before: Places, after: Places) -> Places:
    changed: Places = Counter(after)
    changed.subtract(before)
    return Counter({place: amount for place, amount in changed.items() if amount})


def _add(found: Places, period_id: int | None, column: str, holds: bool = True) -> None:
    if holds and period_id is not None:
        found[period_id, column] += 1
