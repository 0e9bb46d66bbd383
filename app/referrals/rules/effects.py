"""What referrals that are about to qualify together will earn."""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from app.referrals.rules.programmes import Terms, earned, is_over_cap


@dataclass(frozen=True)
class Pending:
    """A referral whose friend paid to enter the contest."""

    referrer_id: int
    terms: Terms
    risk: int
    is_banned: bool


@dataclass
class Referrer:
    """So many friends who qualified, lamports earned in the period, milestones that were reached."""

    friends: int
    lamports: int
    milestones: Set[int | None] = frozenset()


@dataclass
class Tally:
    """`counted` adds to whose place in the standings; `held` referrals earn once nothing is open against them."""

    referrals: int = 0
    rewards: int = 0
    lamports: int = 0
    held: int = 0
    over_cap: int = 0
    counted: Counter[int] = field(default_factory=Counter)


def tally(pending: Iterable[Pending], known: Mapping[int, Referrer]) -> Tally:
    """One after the other, as the worker will do it; of a banned referrer nothing is earned and nothing counts."""
    found = Tally()
    for one in pending:
        referrer = known[one.referrer_id]
        referrer.friends += 1
        found.referrals += 1
        found.held += one.risk > 0
        if one.is_banned:
            continue
        found.counted[one.referrer_id] += one.risk == 0
        _earn(found, referrer, one.terms)
    return found


def _earn(found: Tally, referrer: Referrer, terms: Terms) -> None:
    for reward in earned(terms, referrer.friends):
        if reward.cause == "milestone" and reward.milestone in referrer.milestones:
            continue
        if reward.to_referrer and is_over_cap(terms, referrer.lamports, reward.lamports):
            found.over_cap += 1
            continue
        referrer.lamports += reward.lamports if reward.to_referrer else 0
        found.rewards += 1
        found.lamports += reward.lamports
