"""How a dispute ends, and what has to be settled before a draft may stand again."""

OUTCOMES = {
    "upheld": "Upheld: the draft is wrong, it is evaluated again or void",
    "dismissed": "Dismissed: the draft is right as it is",
}
OPEN_IN = ("proposed", "review")
"""States in which a dispute can be opened: there is something to dispute, and nothing is final."""


def why_not_standing(*, has_draft: bool, open_disputes: int, verified: str, is_unpriced: bool) -> str:
    """Why a draft in review cannot be proposed again as it is; empty when it can."""
    if not has_draft:
        return "It has no draft that could stand"
    if open_disputes:
        return "A dispute is open" if open_disputes == 1 else f"{open_disputes} disputes are open"
    if verified == "different":
        return "The two evaluators disagree about its draft"
    return "The last look at its market data found it invalid" if is_unpriced else ""
