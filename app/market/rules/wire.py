"""How accepted ticks travel from the gate to the engine: names of keys, one stream entry a call, one line a tick."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

STREAM = "market:ticks"
LAST = "market:last"
"""Hash of `token_id TAB source` to `at_us price …`: when each source last told of each token, and what."""
FRAMES = "market:frames"
SNAPSHOT = "market:latest"
EPOCH = "market:epoch"
"""The newest epoch of frames: an engine of an older one has been overtaken."""

PAYLOAD, ACCEPTED_AT, COUNT, REJECTS, ORIGIN = "b", "a", "n", "r", "o"
"""Fields of an entry. An entry without ticks tells the engine of a call that was refused whole."""


class Columns(NamedTuple):
    """Ticks beside each other, as text; empty for none."""

    token_ids: Sequence[str] = ()
    sources: Sequence[str] = ()
    prices: Sequence[str] = ()
    volumes: Sequence[str] = ()
    sides: Sequence[str] = ()
    at_us: Sequence[str] = ()

    def lines(self) -> list[str]:
        return list(map("\t".join, zip(*self, strict=True)))

    @property
    def repeats(self) -> bool:
        """Whether a source told twice of one token."""
        return len(set(zip(self.token_ids, self.sources, strict=True))) < len(self.token_ids)


@dataclass(frozen=True)
class Entry:
    """One call to the gate, one line a tick."""

    payload: str
    accepted_us: int
    count: int
    rejects: dict[str, int]
    origin: str

    @property
    def lines(self) -> list[str]:
        return self.payload.split("\n") if self.payload else []

    @cached_property
    def columns(self) -> Columns:
        if not self.payload:
            return Columns()
        values = self.payload.replace("\n", "\t").split("\t")
        width = len(Columns._fields)
        return Columns(*(values[place::width] for place in range(width)))


def encoded(token_id: int, source: str, price: str, *, volume: str, side: str, at_us: int) -> str:
    """A tick as a line. Source, price, volume and side hold neither tab nor line end: rules.ticks sees to that."""
    return f"{token_id}\t{source}\t{price}\t{volume}\t{side}\t{at_us}"


def joined(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def decoded(fields: Mapping[bytes, bytes]) -> Entry:
    """An entry as Valkey gives it back."""
    return Entry(
        payload=fields[PAYLOAD.encode()].decode(),
        accepted_us=int(fields[ACCEPTED_AT.encode()]),
        count=int(fields[COUNT.encode()]),
        rejects=json.loads(fields[REJECTS.encode()]),
        origin=fields[ORIGIN.encode()].decode(),
    )
