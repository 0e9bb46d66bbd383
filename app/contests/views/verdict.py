"""What a recomputation found."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Verdict:
    """`tone` is ok when the result came out the same."""

    tone: str
    title: str
    text: str
    at: datetime | None = None

    @classmethod
    def of(cls, difference: str | None, at: datetime) -> "Verdict":
        if difference is None:
            return cls("ok", "Recomputed now: same.", "Every rank, score and prize came out again, digit by digit.", at)
        return cls("bad", "Recomputed now: it differs.", f"First difference: {difference}", at)

    @classmethod
    def too_large(cls, code: str) -> "Verdict":
        words = "Take the evidence along and run `python app/contests/verify.py FILE`: it says the same."
        return cls("warn", f"{code} is too large to recompute while you wait.", words)
