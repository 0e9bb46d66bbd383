"""Who acts, what changed, and how a position in the chain is sealed outside of the database."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

FAULTS = {
    "missing": "Row #{seq} is missing: the chain goes on after it.",
    "unlinked": "Row #{seq} does not continue the row before it: that one was rewritten, or this one was put in.",
    "changed": "Row #{seq} was changed after it was written.",
    "cut": "Row #{seq} is missing: it was the last row, and the end of the chain was cut off.",
    "rebuilt": "Row #{seq} is not the row that an earlier verification saw: the chain was rebuilt.",
}


@dataclass(frozen=True)
class Actor:
    kind: Literal["staff", "system", "api"]
    id: str
    name: str


SYSTEM = Actor("system", "system", "System")


@dataclass(frozen=True)
class Change:
    field: str
    before: str | None
    after: str | None


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Change]:
    """Fields whose value differs, in the order of their names; a field that is missing on a side is None there."""
    old, new = _flat(before or {}), _flat(after or {})
    return [Change(name, old.get(name), new.get(name)) for name in sorted(old | new) if old.get(name) != new.get(name)]


def _flat(document: Mapping[str, Any], path: str = "") -> dict[str, str]:
    lines: dict[str, str] = {}
    for name, value in document.items():
        if isinstance(value, Mapping) and value:
            lines |= _flat(value, f"{path}{name}.")
        else:
            lines[f"{path}{name}"] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return lines


def one_line(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    """The changes in one line: `role: support → admin · name: Ann`."""
    parts = []
    for change in changes(before, after):
        if change.before is None:
            parts.append(f"{change.field}: {change.after}")
        elif change.after is None:
            parts.append(f"{change.field}: {change.before} → gone")
        else:
            parts.append(f"{change.field}: {change.before} → {change.after}")
    return " · ".join(parts)


@dataclass(frozen=True)
class Anchor:
    """A place in the chain that was good when it was looked at."""

    seq: int
    hash: bytes


def sealed(anchor: Anchor, key: bytes) -> str:
    """One line for the anchor file, signed so that who rebuilds the chain cannot rewrite the file too."""
    return f"{anchor.seq} {anchor.hash.hex()} {_seal(anchor, key)}"


def unsealed(line: str, key: bytes) -> Anchor | None:
    """The anchor of a line of the file; None when the line is not ours or was changed."""
    try:
        seq, digest, seal = line.split()
        anchor = Anchor(int(seq), bytes.fromhex(digest))
    except ValueError:
        return None
    return anchor if hmac.compare_digest(seal, _seal(anchor, key)) else None


def _seal(anchor: Anchor, key: bytes) -> str:
    return hmac.digest(key, f"audit anchor {anchor.seq} {anchor.hash.hex()}".encode(), "sha256").hex()


@dataclass(frozen=True)
class Search:
    """What the query line asks for. `problems` says which words of it could not be used."""

    actor: str | None = None
    action: str | None = None
    object_type: str | None = None
    object_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""
    problems: tuple[str, ...] = ()


def search_for(line: str) -> Search:
    """Reads `actor:ann action:staff: object:contest/42 after:2026-01-31 before:2026-02-01T12:00 free words`."""
    found: dict[str, Any] = {}
    words, problems = [], []
    for word in line.split():
        name, _, value = word.partition(":")
        if name in {"actor", "action"} and value:
            found[name] = value
        elif name == "object" and value:
            found["object_type"], _, number = value.partition("/")
            found["object_id"] = number or None
        elif name in {"after", "before"} and value:
            moment = _moment(value)
            if moment is None:
                problems.append(f"{word}: write the time as 2026-01-31 or 2026-01-31T14:05")
            else:
                found["since" if name == "after" else "until"] = moment
        else:
            words.append(word)
    return Search(**found, words=" ".join(words), problems=tuple(problems))


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
