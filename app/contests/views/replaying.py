"""The end of a contest again: prices, gaps and ranks around it, each frame at an address of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import abort, request

from app.contests.charts import rank_chart, token_chart
from app.contests.queries import contest as contests
from app.contests.queries import replay as asked
from app.contests.queries.contest import ContestFacts, EvaluationFacts
from app.contests.queries.prices import settled
from app.contests.queries.replay import Leader
from app.contests.rules.replay import AROUND_S, STEP_S, Middle, frames, middles, nearest, ranks
from app.contests.rules.value_line import Known, Move, value_line
from app.contests.views import bp
from app.contests.views.happened import Happened, happened
from app.contests.views.showing import found
from app.contests.views.steps import tabs
from app.core.access import allow
from app.core.htmx import render_page

BEFORE = ("scheduled", "live")


@dataclass(frozen=True)
class Place:
    """A player in a frame; `value` by the prices of that moment, `final_rank` of the result."""

    leader: Leader
    rank: int
    value: Decimal


@dataclass(frozen=True)
class Told:
    token_id: int
    symbol: str
    middle: Middle | None


@dataclass(frozen=True)
class Replay:
    """All frames of the players shown, in order of time."""

    leaders: Sequence[Leader]
    moves: Mapping[int, Sequence[Move]]
    at: Sequence[datetime]
    values: Mapping[int, Sequence[Decimal]]
    ranks: Sequence[Mapping[int, int]]
    middles: Mapping[tuple[int, datetime], Middle]
    symbols: Mapping[int, str]

    def places(self, frame: int) -> list[Place]:
        shown = [Place(one, self.ranks[frame][one.entry_id], self.values[one.entry_id][frame]) for one in self.leaders]
        return sorted(shown, key=lambda place: (place.rank, place.leader.rank or 0, place.leader.entry_id))

    def told(self, frame: int) -> list[Told]:
        return [Told(key, name, self.middles.get((key, self.at[frame]))) for key, name in self.symbols.items()]


@bp.get("/<code>/replay")
@allow("contests:contest:read")
def replay(code: str) -> Any:
    contest = found(code)
    if contest.state in BEFORE:
        abort(404, f"Contest {code} has not ended: there is no end to replay yet.")
    result = contests.current(contests.evaluations(contest.id))
    whole = _replay(contest, result)
    offset = nearest(request.args.get("at", 0, type=int))
    frame = whole.at.index(contest.ends_at + timedelta(seconds=offset))
    return render_page(
        "contests/replay.html",
        "contests/_replay_frame.html",
        contest=contest,
        offset=offset,
        at=whole.at[frame],
        around_s=AROUND_S,
        step_s=STEP_S,
        token_id=_token(whole),
        places=whole.places(frame),
        told=whole.told(frame),
        charts=_charts(contest, result, whole, offset),
        happened=_happened(contest, whole),
        tabs=tabs(contest, result, "replay"),
    )


def _replay(contest: ContestFacts, result: EvaluationFacts | None) -> Replay:
    leaders = asked.leaders(contest, result.id if result else None)
    moves = asked.moves_of([one.entry_id for one in leaders])
    tokens = sorted({move.token_id for made in moves.values() for move in made})
    found_middles = middles(asked.told_around(contest, tokens))
    prices = [Known(at, token_id, middle.price) for (token_id, at), middle in found_middles.items()]
    at = frames(contest.ends_at)
    values = {key: value_line(contest.initial_balance, made, prices, at) for key, made in moves.items()}
    of_frames = [
        ranks({key: line[frame] for key, line in values.items()}, contest.score_decimals) for frame in range(len(at))
    ]
    return Replay(leaders, moves, at, values, of_frames, found_middles, asked.symbols(tokens))


def _token(whole: Replay) -> int | None:
    """The token asked for, else the first by its symbol."""
    wanted = request.args.get("token", type=int)
    return wanted if wanted in whole.symbols else next(iter(whole.symbols), None)


def _charts(contest: ContestFacts, result: EvaluationFacts | None, whole: Replay, offset: int) -> dict[str, Any]:
    names = {one.entry_id: one.nickname for one in whole.leaders}
    now, token = contest.ends_at + timedelta(seconds=offset), _token(whole)
    drawn = {"ranks": rank_chart(names, whole.at, whole.ranks, contest.ends_at, now)}
    if token is not None:
        line = [whole.middles.get((token, at)) for at in whole.at]
        prices = [one.price if one else None for one in line]
        gap = next((one for one in settled(result.id) if one.token_id == token), None) if result else None
        window_s = contest.settlement["window_s"]
        drawn["token"] = token_chart(
            whole.symbols[token], whole.at, prices, gap=gap, window_s=window_s, ends_at=contest.ends_at, now=now
        )
    return drawn


def _happened(contest: ContestFacts, whole: Replay) -> list[Happened]:
    names = {one.entry_id: one.nickname for one in whole.leaders}
    return happened(contest, contests.steps(contest.id), names, whole.moves, whole.symbols)
