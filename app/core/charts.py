"""Plotly figures as plain data. Colours are names of design tokens; the browser puts the theme's colours in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

SERIES = tuple(f"var(--series-{number})" for number in range(1, 7))
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
"""Lines differ by their dashes too: colour is never the only sign."""

AS_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "%": "&#37;"})

Figure = Mapping[str, Any]


def plain(name: str) -> str:
    """A text of somebody's as Plotly shows it unchanged: it reads tags, and in templates percent signs."""
    return name.translate(AS_TEXT)


@dataclass(frozen=True)
class Line:
    """Values over time; None leaves a gap instead of drawing across it."""

    name: str
    at: Sequence[datetime]
    values: Sequence[Decimal | int | None]
    markers: bool = False


@dataclass(frozen=True)
class Span:
    """A stretch of time to shade, such as a settlement window or a gap."""

    name: str
    start: datetime
    end: datetime
    colour: str = "var(--warn)"


@dataclass(frozen=True)
class Moment:
    """An instant or a level that a rule across the chart marks, such as the end of a contest."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Bar:
    """A price over a stretch of time, and how much was traded."""

    at: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal


def candles(bars: Sequence[Bar], *, unit: str, spans: Sequence[Span] = ()) -> Figure:
    """Prices as candles above their volume, over UTC time. A rising candle is hollow, a falling one filled."""
    layout = _layout(unit)
    below = {"domain": [0, 0.2], "rangemode": "tozero", "showgrid": False, "nticks": 3, "tickformat": ".3~s"}
    title = layout["yaxis"]["title"] | {"text": "volume"}
    time = {"rangeslider": {"visible": False}, "tickformat": "%H:%M", "hoverformat": "%H:%M UTC"}
    layout |= {
        "xaxis": layout["xaxis"] | time,
        "yaxis": layout["yaxis"] | {"domain": [0.27, 1]},
        "yaxis2": layout["yaxis"] | below | {"title": title},
        "shapes": [_shade(span) for span in spans],
        "annotations": [_note(plain(span.name), span.start, span.colour) for span in spans],
        "showlegend": False,
        "bargap": 0.3,
    }
    return {"data": [_prices(bars), _volumes(bars)], "layout": layout}


def _prices(bars: Sequence[Bar]) -> dict[str, Any]:
    rows = ("open", "high", "low", "close")
    return {
        "type": "candlestick",
        "name": "price",
        "x": [_instant(bar.at) for bar in bars],
        **{row: [f"{getattr(bar, row):f}" for bar in bars] for row in rows},
        "increasing": {"line": {"color": "var(--up)", "width": 1.25}, "fillcolor": "rgba(0,0,0,0)"},
        "decreasing": {"line": {"color": "var(--down)", "width": 1.25}, "fillcolor": "var(--down)"},
    }


def _volumes(bars: Sequence[Bar]) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": "volume",
        "x": [_instant(bar.at) for bar in bars],
        "y": [f"{bar.volume:f}" for bar in bars],
        "yaxis": "y2",
        "marker": {"color": "var(--series-6)"},
        "hovertemplate": "%{y} volume<extra></extra>",
    }


def over_time(
    lines: Sequence[Line], *, unit: str, spans: Sequence[Span] = (), moments: Sequence[Moment] = ()
) -> Figure:
    """Lines over UTC time. Values stay exact: they travel as decimal strings."""
    shapes = [_shade(span) for span in spans] + [_rule(moment) for moment in moments]
    notes = [_note(plain(span.name), span.start, span.colour) for span in spans]
    notes += [_note(plain(moment.name), moment.at, "var(--ink-2)") for moment in moments]
    layout = _layout(unit) | {"shapes": shapes, "annotations": notes}
    return {"data": [_trace(line, number) for number, line in enumerate(lines)], "layout": layout}


def _trace(line: Line, number: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers" if line.markers else "lines",
        "name": plain(line.name),
        "x": [_instant(at) for at in line.at],
        "y": [None if value is None else f"{value:f}" for value in line.values],
        "connectgaps": False,
        "line": {"color": SERIES[number % len(SERIES)], "width": 1.75, "dash": DASHES[number % len(DASHES)]},
        "marker": {"size": 4},
        "hovertemplate": f"%{{y}} {plain(line.name)}<extra></extra>",
    }


def _layout(unit: str) -> dict[str, Any]:
    axis = {
        "gridcolor": "var(--line)",
        "linecolor": "var(--line-2)",
        "zeroline": False,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": "var(--line-2)",
        "tickfont": {"size": 11, "color": "var(--ink-2)"},
        "automargin": True,
    }
    title = {"text": plain(unit), "font": {"size": 11, "color": "var(--ink-2)"}}
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 12, "color": "var(--ink)"},
        "margin": {"l": 8, "r": 8, "t": 28, "b": 8},
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": "var(--raised)", "bordercolor": "var(--line-2)", "font": {"color": "var(--ink)"}},
        "legend": {"orientation": "h", "x": 0, "y": -0.18, "font": {"size": 11, "color": "var(--ink-2)"}},
        "showlegend": True,
        "xaxis": axis | {"type": "date", "tickformat": "%H:%M:%S", "hoverformat": "%H:%M:%S.%L UTC"},
        "yaxis": axis | {"type": "linear", "title": title, "exponentformat": "none", "separatethousands": True},
        "dragmode": False,
    }


def _shade(span: Span) -> dict[str, Any]:
    return {
        "type": "rect", "xref": "x", "yref": "paper", "x0": _instant(span.start), "x1": _instant(span.end),
        "y0": 0, "y1": 1, "fillcolor": span.colour, "opacity": 0.14, "line": {"width": 0}, "layer": "below",
    }  # fmt: skip


def _rule(moment: Moment) -> dict[str, Any]:
    at = _instant(moment.at)
    line = {"color": "var(--ink-2)", "width": 1, "dash": "dot"}
    return {"type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1, "line": line}


def _note(text: str, at: datetime, colour: str) -> dict[str, Any]:
    return {
        "text": text, "x": _instant(at), "y": 1, "xref": "x", "yref": "paper", "xanchor": "left", "yanchor": "bottom",
        "showarrow": False, "font": {"size": 11, "color": colour},
    }  # fmt: skip


def _instant(at: datetime) -> str:
    """Plotly reads a time without a zone as it stands, so UTC goes in without its zone."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")


@dataclass(frozen=True)
class Stage:
    """One step of a funnel, or one bar among others."""

    name: str
    value: int


def compared(bars: Sequence[Stage], *, unit: str) -> Figure:
    """Amounts under each other, the first at the top, each with its name at the left."""
    layout = _layout("")
    names = layout["yaxis"] | {"type": "category", "autorange": "reversed", "ticks": "", "showgrid": False}
    hidden = {"xaxis": {"visible": False, "rangemode": "tozero"}, "showlegend": False, "hovermode": "closest"}
    layout |= hidden | {"yaxis": names, "bargap": 0.3}
    trace = {
        "type": "bar", "orientation": "h", "y": [plain(bar.name) for bar in bars], "x": [bar.value for bar in bars],
        "text": [f"{bar.value:,}" for bar in bars], "textposition": "auto", "cliponaxis": False,
        "marker": {"color": SERIES[0]}, "hovertemplate": f"%{{y}}: %{{x}} {plain(unit)}<extra></extra>",
        "insidetextfont": {"color": "var(--panel)"}, "outsidetextfont": {"color": "var(--ink)"},
    }  # fmt: skip
    return {"data": [trace], "layout": layout}


def funnel(stages: Sequence[Stage], *, unit: str) -> Figure:
    """How many are left at each step, widest first, with the share of the step before."""
    layout = _layout("")
    layout |= {"xaxis": {"visible": False}, "showlegend": False, "hovermode": "closest"}
    layout["yaxis"] = {"automargin": True, "tickfont": {"size": 12, "color": "var(--ink)"}}
    trace = {
        "type": "funnel", "y": [plain(stage.name) for stage in stages], "x": [stage.value for stage in stages],
        "texttemplate": "%{value:,} \u00b7 %{percentPrevious:.1%}", "marker": {"color": SERIES[: len(stages)]},
        "insidetextfont": {"color": "var(--panel)"}, "outsidetextfont": {"color": "var(--ink)"},
        "connector": {"fillcolor": "var(--sunken)", "line": {"width": 0}},
        "hovertemplate": f"%{{y}}: %{{x}} {plain(unit)}<extra></extra>",
    }  # fmt: skip
    return {"data": [trace], "layout": layout}
