"""What people and the system did to a batch or a payout, as its page tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.audit.queries import Entry
from app.core.access import can

LONGEST = 160


@dataclass(frozen=True)
class Event:
    at: datetime
    text: str
    by: str
    detail: str
    href: str


def events(recorded: Sequence[Entry]) -> list[Event]:
    """In the order they come in; who may read the whole log gets the way there."""
    may_look = can("audit:log:read")
    return [
        Event(
            entry.at, entry.title, f"by {entry.actor_name}", _shortened(entry.reason or entry.summary or ""),
            url_for("audit.entry", seq=entry.seq) if may_look else "",
        )
        for entry in recorded
    ]  # fmt: skip


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
