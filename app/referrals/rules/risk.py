"""What looks wrong about a referral, what each sign weighs, and what the sum means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

RESOLUTIONS = ("cleared", "rejected", "trusted")


@dataclass(frozen=True)
class Sign:
    """`rejects`: the referral is rejected at once, by the rule and not by a person."""

    weight: int
    title: str
    says: str
    rejects: bool = False


SIGNALS: Mapping[str, Sign] = {
    "same_person": Sign(3, "Same person", "Referrer and player are one person.", rejects=True),
    "cycle": Sign(3, "Circle", "The referrer came, over others, by the player themselves.", rejects=True),
    "same_device": Sign(2, "Same device", "Referrer and player came from one address with one browser."),
    "shared_device": Sign(
        2, "Shared device", "Several players of this referrer came from one address with one browser."
    ),
    "shared_funding": Sign(
        3, "Shared funding", "Wallets around this referral got their first lamports from one wallet."
    ),
    "fast_signup": Sign(2, "Fast signup", "The signup followed the click within five seconds."),
    "address_velocity": Sign(1, "Many from one address", "Five or more signups came from one address within an hour."),
    "code_velocity": Sign(1, "Sudden crowd", "Far more signups came by this code in a day than in the week before."),
    "one_network": Sign(1, "One network", "More than half of the code's signups came from one network."),
    "unseen_clicks": Sign(
        2, "Unseen clicks", "More than a fifth of the code's clicks do not say how the browser came."
    ),
    "left_at_once": Sign(
        1, "Left at once", "Four of five players of this referrer never played again after qualifying."
    ),
}
FAST_S = 5
SHARED_DEVICE = 2
"""So many other players of the referrer on one device."""
PER_ADDRESS_AND_HOUR = 5
PER_CODE_AND_DAY = 20
SIGMAS = 4
NETWORK_LEAST = 8
"""Fewer signups than this say nothing about where a code's players live."""
BARE_LEAST = 20
LOOKS_BACK_DAYS = 30
LEFT_AFTER_DAYS = 7
LEAVING_LEAST = 5
SERVICE_PEOPLE = 30
"""Who first funded so many people of so many different referrers is an exchange, and says nothing about any of them."""
DEEPEST = 32
"""So far up the graph is followed."""


@dataclass(frozen=True)
class Seen:
    """One sign that was found, with the facts that show it."""

    kind: str
    facts: Mapping[str, object]


def rejecting(kinds: Iterable[str]) -> str | None:
    """The first kind that rejects by itself."""
    return next((kind for kind in SIGNALS if kind in set(kinds) and SIGNALS[kind].rejects), None)


def is_crowd(today: int, days_before: Iterable[int]) -> bool:
    """Whether a day's signups stand out: at least 20, and over the mean of the week before by four deviations."""
    before = list(days_before)
    if today < PER_CODE_AND_DAY:
        return False
    mean = sum(before) / 7
    variance = sum((count - mean) ** 2 for count in (before + [0] * 7)[:7]) / 7
    return (today - mean) ** 2 > SIGMAS**2 * variance and today > mean


def most_within(moments: Sequence[datetime], span: timedelta, around: datetime) -> int:
    """The most of these, given in order, that lie in any such span that holds the moment."""
    near = [
        sum(begin <= one <= begin + span for one in moments) for begin in moments if begin <= around <= begin + span
    ]
    return max(near, default=0)


def is_one_network(in_network: int, signups: int) -> bool:
    return signups >= NETWORK_LEAST and in_network * 2 > signups


def is_unseen(bare: int, clicks: int) -> bool:
    return clicks >= BARE_LEAST and bare * 5 > clicks


def is_leaving(left: int, of: int) -> bool:
    """Whether a referrer's players come for the reward only; a few who leave say nothing."""
    return of >= LEAVING_LEAST and left * 5 >= of * 4


def is_service(people: int, referrers: int) -> bool:
    """Whether a funder is an exchange rather than somebody behind several players."""
    return people >= SERVICE_PEOPLE and referrers * 3 >= people
