"""The evidence of a result: everything it came from, to read, to print, to take along and to recompute."""

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, request

from app.contests.charts import MarketChart, market_chart
from app.contests.queries import contest as contests
from app.contests.queries import prices, standings
from app.contests.queries import ties as tied
from app.contests.queries.contest import ContestFacts, EvaluationFacts
from app.contests.queries.prices import Settled
from app.contests.queries.rulings import rulings_behind
from app.contests.rules.rulings import KINDS
from app.contests.rules.tiebreakers import LABELS
from app.contests.service import evidence as service
from app.contests.views import bp
from app.contests.views.showing import found
from app.contests.views.steps import tabs
from app.contests.views.tie_cards import card
from app.contests.views.verdict import Verdict
from app.core.access import allow
from app.core.deadlines import patient
from app.core.extensions import settings
from app.core.htmx import render_page
from app.core.paging import Place

PRIZES_SHOWN = 10


@bp.get("/<code>/evidence")
@allow("contests:evidence:read")
def evidence(code: str) -> Any:
    return _page(found(code), None)


@bp.get("/<code>/evidence/recompute")
@allow("contests:evidence:read")
@patient(60)
def recompute(code: str) -> Any:
    contest = found(code)
    result = _version(contest)
    if contest.trades_count > settings().verify_max_trades or result.entries > settings().verify_max_trades:
        return _page(contest, Verdict.too_large(code))
    return _page(contest, Verdict.of(service.recompute(code, result.version), contest.now))


@bp.get("/<code>/evidence.json")
@allow("contests:evidence:read")
@patient(120)
def download(code: str) -> Response:
    contest = found(code)
    result = _version(contest)
    name = f"{contest.code}-v{result.version}.evidence.json"
    response = Response(service.write_evidence(code, result.version), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _version(contest: ContestFacts) -> EvaluationFacts:
    """The version asked for, else the result that counts."""
    versions = contests.evaluations(contest.id)
    wanted = request.args.get("version", type=int)
    chosen = [one for one in versions if one.version == wanted] if wanted else [contests.current(versions)]
    if not chosen or chosen[0] is None:
        what = f"evaluation v{wanted}" if wanted else "evaluation yet"
        abort(404, f"Contest {contest.code} has no {what}, so there is no evidence.")
    return chosen[0]


def _page(contest: ContestFacts, verdict: Verdict | None) -> Any:
    result = _version(contest)
    settled = prices.settled(result.id)
    groups = tied.ties(result.id)
    players = tied.tied_players(groups)
    return render_page(
        "contests/evidence.html",
        "contests/_verdict.html",
        contest=contest,
        result=result,
        verdict=verdict,
        settled=settled,
        chart=_chart(contest, settled),
        ticks_kept=prices.ticks_kept(result.id),
        cards=[card(contest, result, tie, players[tie.id], {}) for tie in groups],
        paid=standings.standings_page(result.id, Place(), max(PRIZES_SHOWN, len(contest.prize_split_bps))),
        labels=LABELS,
        rulings=rulings_behind(contest.id, result.id, result.evaluated_at),
        ruling_kinds=KINDS,
        tabs=tabs(contest, result, "evidence"),
    )


def _chart(contest: ContestFacts, settled: Sequence[Settled]) -> MarketChart | None:
    """One token at a time: the one asked for, else the first, which is the one with the most to explain."""
    if not settled:
        return None
    token = next((one for one in settled if one.mint == request.args.get("token")), settled[0])
    stretch = prices.span(contest.ends_at, contest.settlement["window_s"])
    return market_chart(token, prices.points(contest.feed_id, token.token_id, stretch), stretch)
