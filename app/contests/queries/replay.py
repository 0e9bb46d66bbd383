"""What a replay of the end of a contest is made of: who leads, what they traded, what each source said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, text

from app.contests.queries.contest import ContestFacts
from app.contests.queries.live_standings import live_standings
from app.contests.queries.standings import standings_page
from app.contests.rules.replay import AROUND_S, STEP_S, Told
from app.contests.rules.value_line import Move
from app.core.extensions import db
from app.core.paging import Place
from app.market.queries import token_names

PLAYERS = 10
TOLD = text("""
SELECT k.token_id, g.at, s.source, last.price
FROM unnest(cast(:tokens AS int[])) AS k (token_id)
CROSS JOIN LATERAL (
    SELECT DISTINCT source FROM ticks
    WHERE feed_id = :feed AND token_id = k.token_id
      AND at BETWEEN cast(:start AS timestamptz) - cast(:fresh AS interval) AND :stop
) AS s
CROSS JOIN generate_series(cast(:start AS timestamptz), :stop, :step) AS g (at)
CROSS JOIN LATERAL (
    SELECT t.price FROM ticks t
    WHERE t.feed_id = :feed AND t.token_id = k.token_id AND t.source = s.source AND t.price > 0
      AND t.at BETWEEN g.at - cast(:fresh AS interval) AND g.at
    ORDER BY t.at DESC, t.id DESC LIMIT 1
) AS last
""")
"""Walks back from each frame to the last tick of each source: reading all that was fresh takes ten times as long."""

MOVES = text("""
SELECT entry_id, executed_at AS at, token_id, CASE side WHEN 'buy' THEN quantity ELSE -quantity END AS quantity, price
FROM trades WHERE entry_id = ANY(:entries) ORDER BY executed_at, position LIMIT :limit
""")
MOST_MOVES = 20_000


@dataclass(frozen=True)
class Leader:
    """`rank` is that of the result, None while there is none."""

    entry_id: int
    nickname: str
    rank: int | None


def leaders(contest: ContestFacts, evaluation_id: int | None) -> Sequence[Leader]:
    """The first ten of the result; without one those who are worth most by the last prices."""
    if evaluation_id is not None:
        rows = standings_page(evaluation_id, Place(), PLAYERS).rows
        return [Leader(row.entry_id, row.nickname, row.rank) for row in rows]
    return [Leader(row.entry_id, row.nickname, None) for row in live_standings(contest).rows[:PLAYERS]]


def moves_of(entry_ids: Sequence[int]) -> Mapping[int, list[Move]]:
    """Each entry's trades in order of time."""
    moves: dict[int, list[Move]] = {entry_id: [] for entry_id in entry_ids}
    for row in db.session.execute(MOVES, {"entries": list(entry_ids), "limit": MOST_MOVES}):
        moves[row.entry_id].append(Move(row.at, row.token_id, row.quantity, row.price))
    return moves


def told_around(contest: ContestFacts, tokens: Sequence[int]) -> Sequence[Told]:
    """What was fresh at each frame; nothing where the ticks are no longer kept."""
    around = timedelta(seconds=AROUND_S)
    asked = {
        "tokens": list(tokens), "start": contest.ends_at - around, "stop": contest.ends_at + around,
        "step": timedelta(seconds=STEP_S), "feed": contest.feed_id,
        "fresh": timedelta(milliseconds=contest.settlement["max_age_ms"]),
    }  # fmt: skip
    return [Told(**row) for row in db.session.execute(TOLD, asked).mappings()]


def symbols(tokens: Sequence[int]) -> Mapping[int, str]:
    named = token_names()
    rows = db.session.execute(select(named.c.id, named.c.symbol).where(named.c.id.in_(tokens)).order_by(named.c.symbol))
    return {row.id: row.symbol for row in rows}
