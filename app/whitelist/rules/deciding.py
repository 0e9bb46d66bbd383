"""What keeps a decision about a submission from being made."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.whitelist.rules.life import SHORTEST_WORDS

Findings = Sequence[Mapping[str, Any]]


def of_verdict(findings: Findings, verdict: str) -> list[str]:
    return [str(line["check"]) for line in findings if line["verdict"] == verdict]


def hard_fails(findings: Findings) -> list[str]:
    """Sentences about what must not be approved at all."""
    return [f"{spoken(line['check'])}: {line['value']}." for line in findings if line["verdict"] == "fail"]


def blockers(findings: Findings, *, decimals: int | None, words: str = "") -> list[str]:
    """Why the submission cannot be approved (yet), in words. `words` is what the reviewer writes with it."""
    if not findings:
        return ["Nothing was checked yet."]
    said = hard_fails(findings)
    if decimals is None:
        said.append("Nobody knows its decimals: neither the chain nor the submitter told them.")
    unknown = of_verdict(findings, "unknown")
    if unknown and len(words.strip()) < SHORTEST_WORDS:
        count = f"{len(unknown)} line{'s are' if len(unknown) > 1 else ' is'}"
        said.append(f"{count} unknown: say in {SHORTEST_WORDS} characters or more how you made sure yourself.")
    return said


def decimals_of(findings: Findings, claimed: int | None) -> int | None:
    """As the chain tells them; as the submitter says where the chain could not be asked."""
    line = next((line for line in findings if line["check"] == "decimals"), None)
    if line is None or line["verdict"] == "unknown":
        return claimed
    return int(line["value"])


def spoken(check: str) -> str:
    """A check's name as a person reads it."""
    name = check.partition(":")[0].replace("_", " ")
    return name[:1].upper() + name[1:]
