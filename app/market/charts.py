"""The price of a token over time, as candles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.charts import Bar, Figure, candles
from app.core.formats import compact, decimal, utc
from app.market.rules.digits import places

MINUTE = timedelta(minutes=1)
COLUMNS = (("Time, UTC", False), ("Open", True), ("High", True), ("Low", True), ("Close", True), ("Volume", True))


@dataclass(frozen=True)
class Range:
    """A stretch of time up to now, and how much of it is one candle."""

    key: str
    label: str
    span: timedelta
    step: timedelta

    def start(self, now: datetime) -> datetime:
        """On a full step, so that candles do not change as time goes by."""
        seconds = int((now - self.span).timestamp())
        return datetime.fromtimestamp(seconds - seconds % int(self.step.total_seconds()), now.tzinfo)


RANGES = (
    Range("1h", "1 h", timedelta(hours=1), MINUTE),
    Range("6h", "6 h", timedelta(hours=6), 5 * MINUTE),
    Range("24h", "24 h", timedelta(hours=24), 15 * MINUTE),
)


@dataclass(frozen=True)
class PriceChart:
    """The figure and the same numbers as a table, newest first."""

    figure: Figure
    rows: Sequence[Sequence[str]]
    columns: Sequence[tuple[str, bool]] = COLUMNS


def range_of(key: str) -> Range:
    """The range of this name, else the shortest."""
    return next((one for one in RANGES if one.key == key), RANGES[0])


def price_chart(symbol: str, bars: Sequence[Bar]) -> PriceChart:
    digits = places(bars[-1].close) if bars else 2
    return PriceChart(candles(bars, unit=f"{symbol} price"), [_row(bar, digits) for bar in reversed(bars)])


def _row(bar: Bar, digits: int) -> list[str]:
    prices = (decimal(price, digits) for price in (bar.open, bar.high, bar.low, bar.close))
    return [utc(bar.at, "minute").removesuffix(" UTC"), *prices, compact(bar.volume)]
