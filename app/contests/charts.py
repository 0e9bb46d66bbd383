"""The market around the end of a contest: what each source said, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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


DRAWN_EVERY, TOLD_EVERY = 2, 6
"""Of the frames: rank lines take every second, tables every sixth, which is each full minute."""


@dataclass(frozen=True)
class Drawn:
    """A figure whose last rule marks the frame that is shown, and the same numbers as a table."""

    figure: Figure
    columns: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[str]]


def rank_chart(
    names: Mapping[int, str],
    at: Sequence[datetime],
    ranks: Sequence[Mapping[int, int]],
    ends_at: datetime,
    now: datetime,
) -> Drawn:
    """A line for each player, the first place on top."""
    drawn = slice(None, None, DRAWN_EVERY)
    lines = [Line(name, at[drawn], [frame[key] for frame in ranks[drawn]]) for key, name in names.items()]
    figure = over_time(lines, unit="rank", moments=_marks(ends_at, now))
    upside_down = figure["layout"] | {"yaxis": figure["layout"]["yaxis"] | {"autorange": "reversed", "dtick": 1}}
    told = zip(at[::TOLD_EVERY], ranks[::TOLD_EVERY], strict=True)
    rows = [[utc(moment, "time"), *(str(frame[key]) for key in names)] for moment, frame in told]
    columns = [("Time, UTC", False), *((name, True) for name in names.values())]
    return Drawn({"data": figure["data"], "layout": upside_down}, columns, rows)


def token_chart(
    symbol: str, at: Sequence[datetime], prices: Sequence[Decimal | None], *, gap: Settled | None, window_s: int,
    ends_at: datetime, now: datetime,
) -> Drawn:  # fmt: skip
    """The median of the fresh sources at each frame, broken where there was none; the window and its gap shaded."""
    spans = [Span("settlement window", ends_at - timedelta(seconds=window_s), ends_at, "var(--accent)")]
    if gap and gap.gap_from and gap.gap_to:
        spans.append(Span(f"gap of {gap.longest_gap_s} s", gap.gap_from, gap.gap_to))
    lines = [Line(symbol, at, prices)]
    if gap and gap.price is not None:
        lines.append(Line("settlement price", [at[0], at[-1]], [gap.price, gap.price]))
    figure = over_time(lines, unit=f"{symbol} price", spans=spans, moments=_marks(ends_at, now))
    told = zip(at[::TOLD_EVERY], prices[::TOLD_EVERY], strict=True)
    rows = [[utc(moment, "time"), _shown(price)] for moment, price in told]
    return Drawn(figure, [("Time, UTC", False), (symbol, True)], rows)


def _marks(ends_at: datetime, now: datetime) -> list[Moment]:
    return [Moment("end", ends_at), Moment("" if now == ends_at else "shown", now)]


def _steps(stretch: Stretch, points: Sequence[Point]) -> list[datetime]:
    """From the first price to the last one, the whole window in any case."""
    times = [point.at for point in points]
    first = min([stretch.window_from - stretch.step, *times])
    last = max([stretch.window_to, *times])
    steps = (stretch.start + stretch.step * number for number in range(POINTS + 2))
    return [step for step in steps if first <= step <= last]


def _shown(price: Decimal | None) -> str:
    return NOTHING if price is None else decimal(price)
