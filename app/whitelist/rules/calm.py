"""When a reviewer is asked one more question: they approve sooner than evidence can be read, or others disagree."""

from dataclasses import dataclass

APPROVALS, HASTY = 5, 3
"""Of so many last approvals within a day, so many hasty ones."""
LOOKS, LEAST_LOOKS, AGREED_BPS = 10, 5, 8000
"""Of so many last second looks at the reviewer's decisions, but not of fewer than five, so many that agreed."""
ASKED = 4
"""Characters of the mint that are asked for."""


@dataclass(frozen=True)
class Pace:
    hasty: int
    looked: int
    agreed: int

    @property
    def why(self) -> str:
        """Why the question is asked, in words; empty while it is not."""
        if self.hasty >= HASTY:
            return f"{self.hasty} of your last {APPROVALS} approvals came sooner than the evidence can be read."
        if self.looked >= LEAST_LOOKS and self.agreed * 10_000 < AGREED_BPS * self.looked:
            return f"Second reviewers agreed with {self.agreed} of your last {self.looked} decisions."
        return ""


def is_right(mint: str, answer: str) -> bool:
    """Whether the answer is how the mint ends; other case is another mint."""
    return answer.strip() == mint[-ASKED:]
