"""The timeline of a contest: what people and the system did, and the states it went through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.audit.queries import Entry
from app.contests.queries.contest import Step

SHOWN = 50
TONES = {"final": "ok", "proposed": "ok", "delayed": "warn", "review": "warn", "void": "bad"}


@dataclass(frozen=True)
class Event:
    at: datetime
    text: str
    by: str = ""
    detail: str = ""
    tone: str = ""


def events(recorded: Sequence[Entry], lived: Sequence[Step]) -> list[Event]:
    """Newest first."""
    done = [
        Event(
            entry.at,
            entry.title,
            f"by {entry.actor_name}",
            " · ".join(filter(None, (entry.reason, entry.summary))),
        )
        for entry in recorded
    ]
    became = [
        Event(step.at, f"Became {step.state.replace('_', ' ')}", tone=TONES.get(step.state, "")) for step in lived
    ]
    return sorted(done + became, key=lambda event: event.at, reverse=True)[:SHOWN]
