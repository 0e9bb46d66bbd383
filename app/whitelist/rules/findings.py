"""What the checks of a token found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

SUBMISSION, CHAIN, HELD, MARKET, FEED, WHITELIST = "submission", "chain", "holders", "markets", "our feed", "whitelist"
"""Who says so."""
VERDICTS = ("fail", "unknown", "warn", "pass")
"""Worst first. What could not be read is unknown, which is never a pass."""


@dataclass(frozen=True)
class Line:
    """A judged fact: which check, its verdict, what was seen, and what was asked for."""

    check: str
    verdict: str
    value: str
    threshold: str


@dataclass(frozen=True)
class Finding(Line):
    """A line of the evidence card: who says so, and when it was read there."""

    source: str
    read_at: datetime


def found(lines: Iterable[Line], *, source: str, read_at: datetime) -> list[Finding]:
    return [Finding(**asdict(line), source=source, read_at=read_at) for line in lines]


def unread(checks: Iterable[str], *, why: str) -> list[Line]:
    """What stands on the card for checks that nobody could answer."""
    return [Line(check, "unknown", why, "an answer") for check in checks]


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: VERDICTS.index(finding.verdict))


def written(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Worst first, as it is kept for ever."""
    return [asdict(line) | {"read_at": line.read_at.isoformat()} for line in worst_first(findings)]


SAME = ("verdict", "value", "threshold", "source", "read_at")


def told_once(lines: Sequence[Mapping[str, Any]]) -> list[tuple[list[str], Mapping[str, Any]]]:
    """Kept lines for a screen: those that differ in their check alone are one, with every check's name."""
    groups = groupby(lines, key=lambda line: [line[name] for name in SAME])
    told = [list(group) for _, group in groups]
    return [([line["check"] for line in group], group[0]) for group in told]
