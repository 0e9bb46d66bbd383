"""What of an active token is looked at again every hour, and which difference stops it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.whitelist.rules.findings import CHAIN, Line

SUPPLY = "supply"
"""It changes with every mint and burn, and says nothing about who may do what."""


def remembered(lines: Iterable[Line]) -> dict[str, str]:
    """What a later look is compared with."""
    return {line.check: line.value for line in lines if line.check != SUPPLY}


def facts_of(evidence: Sequence[Mapping[str, Any]]) -> dict[str, str] | None:
    """The same out of the evidence of a decision; None when the chain was not read for it."""
    told = [line for line in evidence if line["source"] == CHAIN]
    if not told or any(line["verdict"] == "unknown" for line in told):
        return None
    return {str(line["check"]): str(line["value"]) for line in told if line["check"] != SUPPLY}


def is_readable(lines: Sequence[Line]) -> bool:
    """Whether somebody answered. Who did not changes nothing."""
    return all(line.verdict != "unknown" for line in lines)


def differences(before: dict[str, str], lines: Iterable[Line]) -> list[str]:
    """What changed, in words; what is new and harmful is a change too."""
    now = remembered(lines)
    names = [name for name in sorted(before | now) if before.get(name) != now.get(name)]
    return [f"{_named(name)} was {before.get(name, 'not there')}, is {now.get(name, 'gone')}" for name in names]


def _named(check: str) -> str:
    kind, _, number = check.partition(":")
    return f"extension {number}" if number else kind.replace("_", " ")
