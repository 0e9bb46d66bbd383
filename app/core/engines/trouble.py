"""What the embedded servers say to people when they cannot serve."""

from pathlib import Path

WORDS_OF_FAILURE = ("FATAL:", "PANIC:", "initdb: error:", "Bad file format", "Fatal error", "Permission denied")


class EngineUnusable(Exception):
    """A server that cannot run: its text says which, why, and what to do."""


def reason_in(text: str) -> str:
    """The last line of a server's log that tells why it ended."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line for word in WORDS_OF_FAILURE)]
    return (telling or lines or ["it said nothing"])[-1]


def unusable_data(name: str, data: Path, reason: str) -> EngineUnusable:
    return EngineUnusable(
        f"{name} cannot use its data folder {data}. It said: {reason}\n"
        f"Restore that folder from a backup, or start empty: `make reset` deletes it."
    )
