"""What the engine hands over to be stored: ticks as text that is ready to COPY, and what they add to each minute.

Exactly once rests on `since` and `upto`: a batch holds the entries of the stream after `since` up to `upto`, or what
they add to candles, and is stored only while the stored position is `since`. Who stored a part of it meanwhile makes it
void.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

TICK_COLUMNS = ("token_id", "source", "price", "volume", "side", "at", "suspect")
"""A line of the stream in its own order, so that only its time is rewritten. The feed is the live one by default."""
START = "0-0"
"""The position before the first entry of the stream."""
MICROS, MOMENT = 6, 16
"""How many digits the microseconds of a second have, and those since 1970 from 2001 until 2286."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CandlePart(NamedTuple):
    """What a batch adds to one minute of a token's consolidated price: its first and last price in the batch, and the
    highest and lowest of the minute until then.

    The stored candle keeps its open, takes this close, widens to this high and low, and adds volumes and ticks.
    """

    token_id: int
    minute: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    bought: Decimal
    sold: Decimal
    ticks: int


class Latest(NamedTuple):
    """A token's row of the newest frame, to replace the one that is stored."""

    token_id: int
    price: Decimal
    at: datetime
    m1_bps: int | None
    h1_bps: int | None
    d1_bps: int | None
    volume_24h: Decimal
    high_24h: Decimal
    low_24h: Decimal
    fresh_sources: int
    spread_bps: int | None
    mark: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """`ticks` holds one `tick_line` per tick; at most one row per token."""

    since: str
    upto: str
    ticks: str
    latest: Sequence[Latest] = ()


@dataclass(frozen=True, slots=True)
class CandleBatch:
    """At most one part per token and minute."""

    since: str
    upto: str
    parts: Sequence[CandlePart]


class Positions(NamedTuple):
    """The last entries of the stream whose ticks are stored, and whose ticks are in candles. Candles come after."""

    ticks: str = START
    candles: str = START


def tick_line(line: str, suspect: str = "") -> str:
    """A line of the stream as a line of COPY text for TICK_COLUMNS, where what is empty is NULL.

    Prices are taken as they are written, and the microseconds as an exact UTC time that PostgreSQL reads.
    """
    return f"{line[:-MOMENT]}{_written(_seconds_of(line))}.{line[-MICROS:]}Z\t{suspect}\n"


def tick_lines(lines: str) -> str:
    """A `tick_line` for each of these lines, none of them suspect.

    All at once when all are of one second: what begins like it is then the time of a line, for that ends six digits on.
    """
    second, count = _seconds_of(lines), lines.count("\n") + 1
    before, *parts = f"{lines}\n".split(f"\t{second}")
    if len(parts) != count or "".join([part[MICROS : MICROS + 1] for part in parts]) != "\n" * count:
        return "".join(map(tick_line, lines.split("\n")))
    return f"\t{_written(second)}.".join([before, *parts]).replace("\n", "Z\t\n")


def _seconds_of(line: str) -> str:
    return line[-MOMENT:-MICROS]


@lru_cache(maxsize=4096)
def _written(second: str) -> str:
    return (EPOCH + timedelta(seconds=int(second))).strftime("%Y-%m-%dT%H:%M:%S")


def place_of(stream_id: str) -> tuple[int, int]:
    """A stream id in the order of the stream."""
    milliseconds, number = stream_id.split("-")
    return int(milliseconds), int(number)
