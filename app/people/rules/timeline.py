"""The kinds of moments on a person's timeline, and which of them an address asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

KINDS = {
    "entry": 1, "payout": 2, "submission": 3, "note": 4, "click": 5, "referral": 6, "reward": 7, "signup": 8,
}  # fmt: skip
"""Moments of one time stand in this order, the highest first. A cursor holds the number: it never changes."""
TITLES = {
    "entry": "Contests", "signup": "Signup", "referral": "Referrals", "reward": "Rewards", "click": "Clicks",
    "payout": "Payouts", "submission": "Submissions", "note": "Notes",
}  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """`kinds` is what is shown. `problems` says which words could not be used."""

    kinds: Sequence[str]
    problems: tuple[str, ...] = ()


def filter_for(line: str) -> Filter:
    """Reads `is:entry is:payout`: any of these; `not:click` leaves a kind out; nothing asked is everything."""
    asked, without, problems = set[str](), set[str](), []
    for word in line.split()[:12]:
        sign, _, kind = word.partition(":")
        if sign in {"is", "not"} and kind in KINDS:
            (asked if sign == "is" else without).add(kind)
        else:
            problems.append(f"{word}: the words are is: and not: with {', '.join(KINDS)}")
    shown = tuple(kind for kind in KINDS if kind in (asked or KINDS) and kind not in without)
    return Filter(shown, tuple(problems))
