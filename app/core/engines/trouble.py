"""What the embedded servers say to people when they cannot serve."""

import re
from pathlib import Path

import psycopg

FAILURE = re.compile(r"(FATAL:|PANIC:|error:|Bad file format|Fatal error|Permission denied).*")
DETAIL = re.compile(r"DETAIL:\s+(.*)")


class EngineUnusable(psycopg.OperationalError):
    """A server that cannot run: its text says which, why, and what to do.

    For whoever only wanted a connection it is an operational error like any other.
    """


def reason_in(text: str) -> str:
    """What a server's log says last about why it ended."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for number in reversed(range(len(lines))):
        if found := FAILURE.search(lines[number]):
            detail = DETAIL.search(" ".join(lines[number + 1 : number + 2]))
            return found[0] + (f" ({detail[1]})" if detail else "")
    return lines[-1] if lines else "it said nothing"


def unusable_data(name: str, data: Path, reason: str) -> EngineUnusable:
    return EngineUnusable(
        f"{name} cannot use its data folder {data}. It said: {reason}\n"
        f"Restore that folder from a backup, or start empty: `make reset` deletes it."
    )
