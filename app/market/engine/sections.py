"""What waits to be stored: a stretch of the stream, and what the book made of it.

A section holds no ticks. The storing thread reads them again from the stream, so that however long the database is
away, what waits here stays small and nothing accepted is anywhere but in Valkey or PostgreSQL.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.market.rules.batches import CandleBatch, CandlePart, Latest, Positions, place_of

EVERY_US = 250_000
MOST_TICKS = 50_000
"""A longer stretch would be a transaction that takes seconds."""


@dataclass
class Section:
    since: str
    upto: str
    begun_us: int
    """when its first entry was accepted, or it was begun"""
    ticks: int = 0
    marks: dict[str, dict[int, str]] = field(default_factory=dict)
    """of an entry: which of its ticks are suspect, and why"""
    latest: list[Latest] = field(default_factory=list)
    candles: CandleBatch | None = None
    """what this section and those before it, since the last one that had some, add to candles"""
    ends_minute: int | None = None
    """with it every candle before this minute is stored"""


class Sections:
    """One is open and grows; those that are closed wait their turn. Only deque operations cross threads.

    `stored` says where the last engine ended. What it stored without candles is taken once more, for these alone.
    """

    def __init__(self, stored: Positions, now_us: int) -> None:
        self._closed: deque[Section] = deque()
        self._stored = place_of(stored.ticks)
        self._taken = self._in_candles = stored.candles
        self.open = Section(stored.ticks, stored.ticks, now_us)

    def took(self, entry_id: str, accepted_us: int, ticks: int, marks: Iterable[tuple[int, str]]) -> None:
        section, self._taken = self.open, entry_id
        if place_of(entry_id) <= self._stored:
            return
        if section.upto == section.since:
            section.begun_us = accepted_us
        section.upto = entry_id
        section.ticks += ticks
        if found := dict(marks):
            section.marks[entry_id] = found

    def is_due(self, now_us: int) -> bool:
        """Often while the database keeps up; else only when a transaction would become too long."""
        if self.open.ticks >= MOST_TICKS:
            return True
        return not self._closed and now_us - self.open.begun_us >= EVERY_US and self.open.upto != self.open.since

    @property
    def lacks_candles(self) -> bool:
        """Whether entries were taken since parts of candles were last handed over."""
        return self._taken != self._in_candles

    def close(
        self, now_us: int, *, parts: list[CandlePart] | None, latest: list[Latest], ends_minute: int | None
    ) -> None:
        """`parts`: what all that was taken since the last ones adds to candles; None when it waits."""
        section = self.open
        section.latest, section.ends_minute = latest, ends_minute
        if parts is not None:
            section.candles = CandleBatch(self._in_candles, self._taken, parts)
            self._in_candles = self._taken
        self.open = Section(section.upto, section.upto, now_us)
        self._closed.append(section)

    @property
    def next(self) -> Section | None:
        return self._closed[0] if self._closed else None

    def done(self) -> None:
        self._closed.popleft()

    def behind_us(self, now_us: int) -> int:
        """How long the oldest that is not stored has waited."""
        oldest = self.next or self.open
        waits = oldest.upto != oldest.since
        return max(0, now_us - oldest.begun_us) if waits else 0
