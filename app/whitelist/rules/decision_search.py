"""What the query line above the list of decisions asks for."""

from dataclasses import dataclass

from app.whitelist.rules.life import ON_SUBMISSIONS, ON_TOKENS

KINDS = tuple(dict.fromkeys([*ON_SUBMISSIONS, *ON_TOKENS]))
MARKS = ("kept", "undone", "looked", "agreed", "disagreed", "unlooked")
CHIPS = (
    ("Approved", "is:approve"),
    ("Rejected", "is:reject"),
    ("Asked", "is:ask"),
    ("Undone", "was:undone"),
    ("Second look agreed", "was:agreed"),
    ("Disagreed", "was:disagreed"),
    ("30 days", "days:30"),
    ("90 days", "days:90"),
)
LONGEST_DAYS = 3650


@dataclass(frozen=True)
class DecisionSearch:
    """`by` is an account's id. `on_submissions`: without those about tokens, as insights count them."""

    kind: str = ""
    mark: str = ""
    by: str = ""
    days: int | None = None
    on_submissions: bool = False
    problems: tuple[str, ...] = ()


def decision_search(line: str) -> DecisionSearch:
    """Reads `is:reject was:undone by:7 days:30 of:submissions`."""
    found: dict[str, str] = {}
    problems = []
    allowed = {"is": KINDS, "was": MARKS, "of": ("submissions",)}
    for word in line.split()[:8]:
        name, _, value = word.partition(":")
        if name in allowed and value not in allowed[name]:
            problems.append(f"{word}: the words after {name}: are {', '.join(allowed[name])}")
        elif name in allowed or (name == "by" and value) or (name == "days" and _is_days(value)):
            found[name] = value[:100]
        else:
            problems.append(f"{word}: say is:, was:, by:, days: or of: something")
    return DecisionSearch(
        kind=found.get("is", ""),
        mark=found.get("was", ""),
        by=found.get("by", ""),
        days=int(found["days"]) if "days" in found else None,
        on_submissions="of" in found,
        problems=tuple(problems),
    )


def _is_days(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 4 and 0 < int(text) <= LONGEST_DAYS
