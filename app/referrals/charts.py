"""Figures of the referral desk, and the rows of their tables."""

from collections.abc import Sequence
from itertools import pairwise

from app.core.charts import Figure, Stage, compared, funnel
from app.core.formats import count, percent
from app.referrals.queries.standings import Funnel, StandingRow

BARS = 10


def top(rows: Sequence[StandingRow]) -> tuple[Figure, list[tuple[str, str]]]:
    """Counted referrals of those at the top; with the wallet's beginning, as two may have one nickname."""
    shown = [Stage(f"{row.nickname} {row.wallet[:4]}", row.counted) for row in rows[:BARS]]
    return compared(shown, unit="counted"), [(stage.name, count(stage.value)) for stage in shown]


def steps(total: Funnel) -> tuple[Figure, list[tuple[str, str, str]]]:
    """Click → signup → qualified → rewarded, and the share of the step before."""
    stages = [
        Stage("clicks", total.clicks), Stage("signups", total.signups), Stage("qualified", total.qualified),
        Stage("rewarded", total.rewarded),
    ]  # fmt: skip
    rows = [(stages[0].name, count(stages[0].value), "")]
    for before, stage in pairwise(stages):
        rows.append((stage.name, count(stage.value), percent(share_bps(stage.value, before.value), 1)))
    return funnel(stages, unit="people"), rows


def share_bps(part: int, whole: int) -> int | None:
    """None where there is no whole to have a share of."""
    return part * 10_000 // whole if whole else None
