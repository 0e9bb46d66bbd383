"""What pulling a breaker would hold up; whoever stands above the breaker answers."""

from collections.abc import Sequence
from dataclasses import dataclass

QUESTION = "breaker radius"
NAMED = 10


@dataclass(frozen=True)
class Radius:
    """Contests on live prices, by code: those that would not start within the hour, and those not evaluated."""

    starting: Sequence[str]
    ending: Sequence[str]

    @property
    def sentence(self) -> str:
        if not self.starting and not self.ending:
            return "No contest is held up within the hour"
        parts = [
            f"{what} {named(codes)}" for what, codes in (
                ("starts of", self.starting), ("evaluations of", self.ending),
            ) if codes
        ]  # fmt: skip
        return f"Holds up {' and '.join(parts)}"


def named(codes: Sequence[str]) -> str:
    more = len(codes) - NAMED
    return ", ".join(codes[:NAMED]) + (f" and {more} more" if more > 0 else "")
