"""What somebody typed into the search, in forms that an index can look up, and how a domain answers it."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, Text, cast, func, literal, select

MOST = 6
"""Answers of one kind: more are said to be there, not listed."""
LONGEST = 100
SHORTEST_BEGINNING = 2
SHORTEST_PIECE = 4
BASE58 = "[1-9A-HJ-NP-Za-km-z]"


@dataclass(frozen=True)
class Wanted:
    """`start` and `end` are what an address cut in the middle leaves of it: `7xKX…ab12`. `number` may have a `noun`."""

    text: str
    start: str = ""
    end: str = ""
    noun: str = ""
    number: int | None = None

    @property
    def is_base58(self) -> bool:
        return re.fullmatch(f"{BASE58}+", self.text) is not None

    @property
    def is_address(self) -> bool:
        return re.fullmatch(f"{BASE58}{{32,44}}", self.text) is not None


def wanted(line: str) -> Wanted:
    """Reads `7xKX…ab12`, `batch 12`, `#12`, or anything else as it stands, spaces made single."""
    text = " ".join(line[:LONGEST].replace("\0", " ").split())
    cut = re.fullmatch(rf"({BASE58}{{2,}})(?:…|\.{{2,}})({BASE58}{{2,}})", text)
    if cut:
        return Wanted(text, start=cut[1], end=cut[2])
    numbered = re.fullmatch(r"(?:([a-z]+) ?)?#?([0-9]{1,18})", text.lower())
    if numbered:
        return Wanted(text, noun=numbered[1] or "", number=int(numbered[2]))
    return Wanted(text)


def answers(
    kind: str, *, key: Any, name: Any, detail: Any = "", about: Any = None, is_exact: Any = True
) -> Select[tuple[str, str, str, str, str, bool]]:
    """Columns that are the same for every domain. What two answers are `about` is one thing: the first is shown."""
    about = func.concat(f"{kind} ", key) if about is None else about
    texts = {"kind": literal(kind), "key": key, "name": name, "detail": detail, "about": about}
    columns: list[Any] = [cast(value, Text).label(label) for label, value in texts.items()]
    return select(*columns, cast(is_exact, Boolean).label("is_exact"))


def begins(column: Any, text: str) -> ColumnElement[bool]:
    """Served by an index with `text_pattern_ops`."""
    found: ColumnElement[bool] = column.like(_escaped(text) + "%")
    return found


def ends(column: Any, text: str) -> ColumnElement[bool]:
    """Served by such an index on the column in reverse."""
    return begins(func.reverse(column), text[::-1])


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
