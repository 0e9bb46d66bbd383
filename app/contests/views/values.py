"""What a player's entry is worth: now, from the latest prices, and over time."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.contests.queries import value_line as asked
from app.contests.queries.contest import ContestFacts
from app.contests.queries.entries import EntryFacts
from app.contests.rules.value_line import steps, value_line
from app.core.charts import Figure, Line, Moment, over_time
from app.core.formats import decimal, utc


@dataclass(frozen=True)
class ValueChart:
    """The figure and the same numbers as a table, newest first."""

    figure: Figure
    rows: Sequence[Sequence[str]]
    columns: Sequence[tuple[str, bool]] = (("Time, UTC", False), ("Value", True))


def value_chart(contest: ContestFacts, entry: EntryFacts) -> ValueChart | None:
    """From the start to the end, or up to now; None before the start."""
    start, stop = contest.starts_at, min(contest.ends_at, contest.now)
    if stop <= start:
        return None
    moves = asked.moves_until(entry.id, stop)
    prices = asked.prices_between(contest, sorted({move.token_id for move in moves}), start, stop)
    at = steps(start, stop)
    values = value_line(entry.balance, moves, prices, at)
    lines = [Line("value", at, values), Line("initial balance", [at[0], at[-1]], [entry.balance, entry.balance])]
    moments = [Moment("end", contest.ends_at)] if contest.now >= contest.ends_at else []
    rows = [
        [utc(moment, "time"), decimal(value, entry.score_decimals)] for moment, value in zip(at, values, strict=True)
    ]
    return ValueChart(over_time(lines, unit="value", moments=moments), rows[::-1])
