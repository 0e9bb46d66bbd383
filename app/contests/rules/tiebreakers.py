"""The rules that separate equal scores, and which way each counts."""

from collections.abc import Sequence

TIEBREAKERS = {
    "win_rate": "higher",
    "profitable_trades": "more",
    "avg_profit": "higher",
    "biggest_win": "higher",
    "profitable_time": "longer",
    "first_profit_at": "earlier",
}
"""Rule → the value that is better, in the default order. Never profited is last."""

LABELS = {
    "win_rate": "Win rate",
    "profitable_trades": "Profitable trades",
    "avg_profit": "Average profit",
    "biggest_win": "Biggest win",
    "profitable_time": "Profitable time",
    "first_profit_at": "First profit",
}


def order_by(tiebreakers: Sequence[str]) -> str:
    """The SQL sort of the tiebreak values, best first; refuses a name that is no rule."""
    if unknown := set(tiebreakers) - TIEBREAKERS.keys():
        raise ValueError(f"no such tiebreakers: {', '.join(sorted(unknown))}")
    return ", ".join(f"{rule} {'ASC NULLS LAST' if rule == 'first_profit_at' else 'DESC'}" for rule in tiebreakers)
