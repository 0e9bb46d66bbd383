"""Every reward in one sentence that can be passed on."""

from dataclasses import dataclass
from datetime import datetime

from app.core.money import sol


@dataclass(frozen=True)
class RewardFacts:
    """Everything the sentence needs. `friend` is who came, as people read it; `why_waiting` names open signals."""

    cause: str
    lamports: int
    state: str
    programme: int
    friend: str | None = None
    referrer: str | None = None
    clicked_at: datetime | None = None
    signed_up_at: datetime | None = None
    contest: str | None = None
    qualified_at: datetime | None = None
    milestone: int | None = None
    period: str | None = None
    rank: int | None = None
    held_until: datetime | None = None
    batch_id: int | None = None
    paid_at: datetime | None = None
    rejected_reason: str | None = None
    why_waiting: tuple[str, ...] = ()


def as_read(nickname: str, wallet: str) -> str:
    """A person as people read them."""
    return f"{nickname} ({wallet[:4]}…{wallet[-4:]})"


def explain(facts: RewardFacts) -> str:
    return f"{_amount(facts.lamports)} SOL because {_because(facts)} (rule v{facts.programme}), {_then(facts)}."


def _amount(lamports: int) -> str:
    whole = f"{sol(lamports):f}"
    return whole.rstrip("0").rstrip(".")


def _because(facts: RewardFacts) -> str:
    if facts.cause == "milestone":
        return f"{facts.friend} was the {_ordinal(facts.milestone or 0)} friend who qualified"
    if facts.cause == "place":
        return f"you were {_ordinal(facts.rank or 0)} in the period {facts.period}"
    if facts.cause == "signup":
        return f"you came by the link of {facts.referrer} on {_when(facts.clicked_at)}, {_qualified(facts)}"
    return f"{facts.friend} clicked your link on {_when(facts.clicked_at)}, {_qualified(facts)}"


def _qualified(facts: RewardFacts) -> str:
    days = (facts.qualified_at - facts.signed_up_at).days if facts.qualified_at and facts.signed_up_at else 0
    within = "the same day" if days == 0 else f"{days} day{'s' if days > 1 else ''} after signing up"
    return f"and contest {facts.contest} was paid {within}"


def _then(facts: RewardFacts) -> str:
    said = {
        "rejected": f"but not paid: {(facts.rejected_reason or '').rstrip('.')}",
        "paid": f"paid in batch {facts.batch_id} on {_when(facts.paid_at)}",
        "in_batch": f"on its way in batch {facts.batch_id}",
        "approved": "waiting to be put into a batch",
    }
    return said.get(facts.state) or _waiting(facts)


def _waiting(facts: RewardFacts) -> str:
    if facts.why_waiting:
        return f"held until somebody has looked at {_list(facts.why_waiting)}"
    friends = f", and while fewer than {facts.milestone} friends count" if facts.milestone else ""
    return f"held until {_when(facts.held_until)}{friends}" if facts.held_until else "about to be looked at"


def _when(moment: datetime | None) -> str:
    return f"{moment:%-d %b %Y %H:%M} UTC" if moment else "an unknown day"


def _list(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
