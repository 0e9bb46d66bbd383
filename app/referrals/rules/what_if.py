"""What a period would have cost, and who would have earned what, under other terms."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.referrals.rules.periods import prizes, ranks
from app.referrals.rules.programmes import Terms, earned, is_over_cap


@dataclass(frozen=True)
class Happened:
    """A referral that qualified in the period; they are given in the order in which they did."""

    referrer_id: int
    referred_id: int
    took: timedelta
    """From the click to the signup."""
    is_rejected: bool
    is_flagged: bool


@dataclass(frozen=True)
class Changed:
    person_id: int
    was: int
    would_be: int


@dataclass(frozen=True)
class WhatIf:
    """Lamports. `changed` are those who would earn something else, the greatest change first."""

    was: int
    would_be: int
    changed: tuple[Changed, ...]
    rejected: int
    """Referrals that were rejected, whatever the terms."""

    @property
    def winners(self) -> int:
        return sum(one.would_be > one.was for one in self.changed)

    @property
    def losers(self) -> int:
        return sum(one.would_be < one.was for one in self.changed)


def what_if(
    happened: Sequence[Happened], earlier: dict[int, int], was: Terms, other: Terms
) -> WhatIf:  # fmt: skip
    """Both by the same arithmetic on the same referrals, so that only the terms differ."""
    old, new = _earnings(happened, earlier, was), _earnings(happened, earlier, other)
    people = sorted(old.keys() | new.keys())
    changed = [Changed(one, old.get(one, 0), new.get(one, 0)) for one in people if old.get(one, 0) != new.get(one, 0)]
    changed.sort(key=lambda one: (-abs(one.would_be - one.was), one.person_id))
    rejected = sum(one.is_rejected for one in happened)
    return WhatIf(sum(old.values()), sum(new.values()), tuple(changed), rejected)


def _earnings(happened: Iterable[Happened], earlier: dict[int, int], terms: Terms) -> dict[int, int]:
    """Lamports by person."""
    found: defaultdict[int, int] = defaultdict(int)
    capped: defaultdict[int, int] = defaultdict(int)
    friends, counted = defaultdict(int, earlier), defaultdict[int, int](int)
    for one in happened:
        if one.is_rejected or one.took > timedelta(days=terms.window_days):
            continue
        friends[one.referrer_id] += 1
        counted[one.referrer_id] += not one.is_flagged
        for reward in earned(terms, friends[one.referrer_id]):
            if not reward.to_referrer:
                found[one.referred_id] += reward.lamports
            elif not is_over_cap(terms, capped[one.referrer_id], reward.lamports):
                capped[one.referrer_id] += reward.lamports
                found[one.referrer_id] += reward.lamports
    for prize in prizes(ranks(counted.items()), terms.places):
        found[prize.person_id] += prize.lamports
    return dict(found)
