"""What became of a referral, in a sentence that can be passed on: whether it counts, and if not, why not."""

from dataclasses import dataclass
from datetime import datetime

from app.referrals.rules.risk import SIGNALS


@dataclass(frozen=True)
class ReferralFacts:
    """`signals` are the kinds of what is open against it."""

    state: str
    counts: bool
    expires_at: datetime
    programme: int
    qualified_at: datetime | None = None
    contest: str | None = None
    rejected_reason: str | None = None
    signals: tuple[str, ...] = ()


def fate(facts: ReferralFacts) -> str:
    """Whether the referral counts, and what it waits for or why it never will."""
    if facts.state == "rejected":
        return f"Does not count: it was rejected. {facts.rejected_reason}"
    if facts.state == "expired":
        return (
            f"Does not count: no contest they paid for had ended by {_when(facts.expires_at)}, when the time to qualify"
            f" was over (rule v{facts.programme})."
        )
    if facts.state == "pending":
        waits = f"They have not finished a contest they paid for yet; there is time until {_when(facts.expires_at)}."
        return f"Does not count yet. {waits}{_flags(facts)}"
    when = f"contest {facts.contest}, paid {_when(facts.qualified_at)} (rule v{facts.programme})"
    counts = "Counts." if facts.counts else "Does not count yet."
    return f"{counts} They qualified by {when}.{_flags(facts)}"


def _flags(facts: ReferralFacts) -> str:
    if not facts.signals:
        return ""
    titles = ", ".join(SIGNALS[kind].title.lower() for kind in facts.signals)
    return f" Somebody still has to look at this: {titles}."


def _when(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "at an unknown time"
