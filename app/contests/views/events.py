"""The timeline of a contest: what people and the system did, and the states it went through."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from flask import url_for

from app.audit.queries import Entry
from app.contests.queries.contest import Step
from app.core.access import can

SHOWN = 50
LONGEST = 160
PASSING = ("price_check", "evaluating")
TONES = {"final": "ok", "proposed": "ok", "delayed": "warn", "review": "warn", "void": "bad"}


@dataclass(frozen=True)
class Event:
    at: datetime
    text: str
    by: str = ""
    detail: str = ""
    tone: str = ""
    href: str = ""


def events(recorded: Sequence[Entry], lived: Sequence[Step]) -> list[Event]:
    """Newest first. Of the states only those that lasted: the passing ones stand in the step that caused them."""
    may_look = can("audit:log:read")
    done = [
        Event(
            entry.at,
            entry.title,
            f"by {entry.actor_name}",
            shortened(" · ".join(filter(None, (entry.reason, entry.summary)))),
            href=url_for("audit.entry", seq=entry.seq) if may_look else "",
        )
        for entry in recorded
    ]
    return sorted(_together(done) + _became(lived), key=lambda event: event.at, reverse=True)[:SHOWN]


def _became(lived: Sequence[Step]) -> list[Event]:
    """A state that only passing ones interrupted is the same one still."""
    lasting = [step for step in lived if step.state not in PASSING]
    return [
        Event(step.at, f"Became {step.state.replace('_', ' ')}", tone=TONES.get(step.state, ""))
        for before, step in zip([None, *lasting], lasting, strict=False)
        if before is None or before.state != step.state
    ]


def _together(done: Sequence[Event]) -> list[Event]:
    """What was done again and again, one right after the other and alike, is the newest of it and how often."""
    found = []
    for _, alike in groupby(done, lambda event: (event.text, event.by, event.detail)):
        newest, *others = alike
        found.append(replace(newest, text=f"{newest.text}, {len(others) + 1} times") if others else newest)
    return found


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
