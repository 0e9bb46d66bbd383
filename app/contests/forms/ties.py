"""Deciding a tie: share the places, or order the group by hand with a place of its own for every player."""

from collections.abc import Mapping, Sequence

from wtforms.validators import DataRequired, Length

from app.contests.forms.deciding import LONGEST_REASON, Decision, ReasonedDecision, reason_field

LEAST_FOR_ORDER = 20


class ShareForm(Decision):
    """`version` is the tie's, as in the others."""


class OrderForm(ReasonedDecision):
    reason = reason_field(
        DataRequired("Say why: these words stay on the evidence."),
        Length(min=LEAST_FOR_ORDER, message=f"Write at least {LEAST_FOR_ORDER} characters: they stay on the evidence."),
        Length(max=LONGEST_REASON, message="Write at most 2,000 characters."),
    )


class ReopenForm(ReasonedDecision):
    pass


def typed_places(sent: Mapping[str, str], prefix: str) -> dict[int, str]:
    """Entry → the place typed for it, as it was typed: fields `<prefix>place-<entry>`."""
    start = f"{prefix}place-"
    return {
        int(name.removeprefix(start)): text.strip()
        for name, text in sent.items()
        if name.startswith(start) and name.removeprefix(start).isdecimal()
    }


def order_of(typed: Mapping[int, str], entry_ids: Sequence[int], first: int) -> list[int]:
    """The entries by their typed places, best first; empty unless each has a place of its own from `first` on."""
    places = {entry_id: number(typed.get(entry_id, "")) for entry_id in entry_ids}
    wanted = list(range(first, first + len(entry_ids)))
    if sorted(place or 0 for place in places.values()) != wanted:
        return []
    return sorted(entry_ids, key=lambda entry_id: places[entry_id] or 0)


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
