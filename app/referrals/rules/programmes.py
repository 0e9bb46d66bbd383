"""The terms that a referral was promised, and what they make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Terms:
    """One version of the programme. Lamports; `milestones` by qualified friends, `places` by rank."""

    version: int
    signup_lamports: int
    contest_lamports: int
    milestones: Mapping[int, int]
    places: Sequence[int]
    window_days: int = 30
    hold_days: int = 7
    cap_lamports: int | None = None


@dataclass(frozen=True)
class Earned:
    """A reward to come. `to_referrer`: else it is the player's who came."""

    cause: str
    lamports: int
    to_referrer: bool = True
    milestone: int | None = None


def earned(terms: Terms, qualified: int) -> list[Earned]:
    """What one more qualified friend earns; `qualified` counts that friend too."""
    found = [
        Earned("signup", terms.signup_lamports, to_referrer=False),
        Earned("contest", terms.contest_lamports),
        Earned("milestone", terms.milestones.get(qualified, 0), milestone=qualified),
    ]
    return [one for one in found if one.lamports > 0]


def is_over_cap(terms: Terms, earned_lamports: int, lamports: int) -> bool:
    """Whether this reward would bring its referrer over what one period pays at most."""
    return terms.cap_lamports is not None and earned_lamports + lamports > terms.cap_lamports
