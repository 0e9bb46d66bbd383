"""The market around the end of a contest: what each source said, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.contests.queries.prices import POINTS, Point, Settled, Stretch
from app.core.charts import Figure, Line, Moment, Span, over_time
from app.core.formats import NOTHING, decimal, utc


@dataclass(frozen=True)
class MarketChart:
    """The figure and the same numbers as a table, over the settlement window."""

    token: Settled
    figure: Figure
    columns: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[str]]


def market_chart(token: Settled, points: Sequence[Point], stretch: Stretch) -> MarketChart:
    sources = sorted({point.source for point in points})
    prices = {(point.source, point.at): point.price for point in points}
    steps = _steps(stretch, points)
    lines = [Line(source, steps, [prices.get((source, step)) for step in steps]) for source in sources]
    if token.price is not None:
        lines.append(Line("settlement price", [stretch.window_from, stretch.window_to], [token.price, token.price]))
    spans = [Span("settlement window", stretch.window_from, stretch.window_to, "var(--accent)")]
    if token.gap_from and token.gap_to:
        spans.append(Span(f"gap of {token.longest_gap_s} s", token.gap_from, token.gap_to))
    figure = over_time(lines, unit=f"{token.symbol} price", spans=spans, moments=[Moment("end", stretch.window_to)])
    columns = [("Time, UTC", False), *((source, True) for source in sources)]
    within = [step for step in steps if stretch.window_from < step + stretch.step and step < stretch.window_to]
    if any((source, stretch.window_to) in prices for source in sources):
        within.append(stretch.window_to)
    rows = [[utc(step, "time"), *(_shown(prices.get((source, step))) for source in sources)] for step in within]
    return MarketChart(token, figure, columns, rows)


def _steps(stretch: Stretch, points: Sequence[Point]) -> list[datetime]:
    """From the first price to the last one, the whole window in any case."""
    times = [point.at for point in points]
    first = min([stretch.window_from - stretch.step, *times])
    last = max([stretch.window_to, *times])
    steps = (stretch.start + stretch.step * number for number in range(POINTS + 2))
    return [step for step in steps if first <= step <= last]


def _shown(price: Decimal | None) -> str:
    return NOTHING if price is None else decimal(price)
