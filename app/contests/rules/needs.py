"""What a contest needs from a person, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

REASONS = {
    "coverage": "too few seconds have a price",
    "gap": "the prices stop for too long",
    "stale_at_close": "no price in the last seconds before the end",
    "too_few_sources": "too few sources price it",
    "source_spread": "the sources disagree too much",
}
"""Why a settlement price is not valid."""


@dataclass(frozen=True)
class Need:
    """`page` is where the next step is done: show, evaluate or ties."""

    kind: str
    why: str
    step: str
    page: str


def need(
    *,
    state: str,
    has_given_up: bool,
    open_ties: int,
    verified: str | None,
    review_reason: str | None,
    last_error: str | None,
    last_check: Mapping[str, Any] | None,
    runs_itself: bool = False,
) -> Need | None:
    """The most urgent one; None when no person is needed. `runs_itself` while a job takes the next step."""
    disagree = verified == "different" and state in {"review", "proposed"}
    gave_up = f"The job gave up: {last_error or 'no reason was noted'}"
    needs = (
        (has_given_up, Need("gave_up", gave_up, "Look into it", "show")),
        (disagree, Need("evaluators_disagree", "The two evaluators disagree", "Compare", "evaluate")),
        (state == "review", Need("review", review_reason or "Sent to review", "Review", "evaluate")),
        (state == "delayed", Need("delayed", delay_words(last_check), "See the market check", "show")),
        (
            state == "proposed" and open_ties > 0 and not runs_itself,
            Need("open_tie", count_of(open_ties, "open tie"), "Resolve tie", "ties"),
        ),
        (
            state == "proposed" and not runs_itself,
            Need("ready", "The draft waits to be applied", "Look and apply", "evaluate"),
        ),
        (state == "ended" and not runs_itself, Need("unevaluated", "Not evaluated yet", "Evaluate", "show")),
    )
    return next((one for applies, one in needs if applies), None)


def delay_words(last_check: Mapping[str, Any] | None) -> str:
    """`WIF: the prices stop for too long; SOL: …`, at most three tokens by name."""
    problems: Sequence[Mapping[str, Any]] = (last_check or {}).get("problems", [])
    if not problems:
        return "The market data is not valid"
    named = [f"{one['symbol']}: {', '.join(reason_words(one['reasons']))}" for one in problems[:3]]
    more = f" and {count_of(len(problems) - 3, 'more token')}" if len(problems) > 3 else ""
    return "; ".join(named) + more


def reason_words(reasons: Sequence[str]) -> list[str]:
    return [REASONS.get(reason, reason) for reason in reasons]


def count_of(number: int, thing: str) -> str:
    return f"{number:,} {thing}" + ("" if number == 1 else "s")
