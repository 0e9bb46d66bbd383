"""The facts of a signal, as a reviewer reads them."""

from collections.abc import Mapping, Sequence

LABELS = {
    "referrer": "Referrer",
    "player": "Player",
    "came_as": "Came as",
    "within_days": "Both seen there within, days",
    "others": "Others of this referrer",
    "milliseconds": "From click to signup, ms",
    "limit_s": "Too fast below, s",
    "signups": "Signups",
    "limit": "Too many from",
    "week_before": "On the seven days before",
    "in_network": "From one network",
    "unseen": "Clicks that hide how they came",
    "clicks": "Of clicks",
    "funded_by": "First lamports from",
    "left": "Never played again",
    "of": "Of players",
}


def facts_told(facts: Mapping[str, object]) -> Sequence[tuple[str, str]]:
    """Label and value of each; a fact that is not known here keeps its name."""
    return [(LABELS.get(name, name.replace("_", " ").capitalize()), _told(value)) for name, value in facts.items()]


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "among them" if value else "not among them"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
