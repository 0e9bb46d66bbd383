"""Reading a recording: candles of a minute or single ticks, as CSV or packed with gzip.

Between a candle's open, high, low and close the way is drawn straight: low before high when it rose, else high before
low. So the four prices are true, and what lies between them is a guess.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from app.core.errors import Refusal
from app.market.rules.ticks import SIDES, amount, moment

CANDLES = ("symbol", "minute_epoch", "open", "high", "low", "close", "volume")
TICKS = ("symbol", "at", "price", "volume", "side")
GZIP = b"\x1f\x8b"
MOST_ROWS = 250_000
MINUTE_US = 60_000_000
SPAN_US = 59_900_000
"""A candle's last tick comes a little before its minute is over, and the next one's first at its start."""
VOLUME_DIGITS = Decimal("0.000000001")


class Told(NamedTuple):
    """A price of the recording, at its own time."""

    at_us: int
    name: str
    price: str
    volume: str | None
    side: str | None


class Candle(NamedTuple):
    begins_us: int
    name: str
    corners: tuple[Decimal, Decimal, Decimal, Decimal]
    volume: Decimal


class Wrong(ValueError):
    """What is wrong with a row, in words."""


class Recording:
    """All rows of a file, in the order of their time. Raises Refusal that names the line that is wrong."""

    def __init__(self, path: Path) -> None:
        self._rows: list[Candle | Told] = []
        try:
            for line, row in _opened(path):
                self._rows.append(_row(path, line, row))
                if len(self._rows) > MOST_ROWS:
                    raise Refusal(f"{path} has more than {MOST_ROWS:,} rows.", "Cut it into parts and replay those.")
        except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
            raise Refusal(f"{path} cannot be read: {error}.", "Name a CSV file, plain or packed with gzip.") from error
        if not self._rows:
            raise Refusal(f"{path} has no rows.", "Name a file that holds candles or ticks.")
        self._rows.sort(key=lambda row: row[:2])
        self.begins_us = self._rows[0][0]

    def told(self, steps: int) -> Iterator[Told]:
        """Every tick in the order of time; a candle becomes `steps` + 1 ticks, `steps` a multiple of three."""
        minute: list[Told] = []
        for row in self._rows:
            if isinstance(row, Told):
                yield row
                continue
            if minute and row.begins_us >= minute[0].at_us + MINUTE_US:
                yield from sorted(minute)
                minute.clear()
            minute += _drawn(row, steps)
        yield from sorted(minute)


def _opened(path: Path) -> Iterator[tuple[int, Mapping[str, str | None]]]:
    with path.open("rb") as raw, _unpacked(raw) as plain, io.TextIOWrapper(plain, encoding="utf-8", newline="") as text:
        rows = csv.DictReader(text)
        named = tuple(rows.fieldnames or ())
        if not (set(CANDLES) <= set(named) or set(TICKS[:3]) <= set(named)):
            raise Refusal(
                f"{path}, line 1: the columns are {', '.join(named) or 'missing'}.",
                f"Candles have {', '.join(CANDLES)}; ticks have {', '.join(TICKS)}.",
            )
        for row in rows:
            yield rows.line_num, row


def _unpacked(raw: io.BufferedReader) -> io.BufferedReader | gzip.GzipFile:
    return gzip.GzipFile(fileobj=raw) if raw.peek(2)[:2] == GZIP else raw


def _row(path: Path, line: int, row: Mapping[str, str | None]) -> Candle | Told:
    try:
        return _candle(row) if "minute_epoch" in row else _tick(row)
    except Wrong as wrong:
        raise Refusal(f"{path}, line {line}: {wrong}.", "Correct the line, or leave it out.") from wrong


def _candle(row: Mapping[str, str | None]) -> Candle:
    first, high, low, last = (_number(row, column) for column in ("open", "high", "low", "close"))
    if min(first, last) < low or max(first, last) > high:
        raise Wrong("low, open, close and high are not in this order")
    if low <= 0:
        raise Wrong("low is not above 0")
    between = (low, high) if last >= first else (high, low)
    minute = row["minute_epoch"] or ""
    if not minute.isdecimal() or len(minute) > 9:
        raise Wrong(f"minute_epoch is {minute!r}, not whole minutes since 1970")
    return Candle(int(minute) * MINUTE_US, _name(row), (first, *between, last), _number(row, "volume"))


def _tick(row: Mapping[str, str | None]) -> Told:
    told = row["at"] or ""
    at_us = moment(int(told) if told.isdecimal() and len(told) < 16 else told)
    if at_us is None:
        raise Wrong(f"at is {told!r}, neither RFC 3339 nor whole milliseconds since 1970")
    side = row.get("side") or None
    if side is not None and side not in SIDES:
        raise Wrong(f"side is {side!r}, neither buy nor sell")
    price = f"{_number(row, 'price'):f}"
    return Told(at_us, _name(row), price, f"{_number(row, 'volume'):f}" if row.get("volume") else None, side)


def _name(row: Mapping[str, str | None]) -> str:
    name = (row["symbol"] or "").strip()
    if not name:
        raise Wrong("symbol is empty")
    return name


def _number(row: Mapping[str, str | None], column: str) -> Decimal:
    text = row[column] or ""
    plain = amount(text)
    if plain is None:
        raise Wrong(f"{column} is {text!r}, not a number from 0 on")
    try:
        return Decimal(plain)
    except InvalidOperation as error:
        raise Wrong(f"{column} is {text!r}, not a number from 0 on") from error


def _drawn(candle: Candle, steps: int) -> Iterator[Told]:
    digits = min(candle.corners, key=lambda price: price.as_tuple().exponent)
    a_step = (candle.volume / (steps + 1)).quantize(VOLUME_DIGITS, ROUND_HALF_UP)
    each = f"{a_step:f}"
    rest = f"{max(candle.volume - a_step * steps, Decimal(0)):f}"
    for step in range(steps + 1):
        corner, into = divmod(step * 3, steps)
        price = candle.corners[corner]
        if into:
            price += ((candle.corners[corner + 1] - price) * into / steps).quantize(digits, ROUND_HALF_UP)
        at_us = candle.begins_us + SPAN_US * step // steps
        yield Told(at_us, candle.name, f"{price:f}", rest if step == steps else each, None)
