"""One contest, and one entry of it with the terms its score adds up from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import abort, request, url_for

from app.audit.queries import timeline
from app.contests.forms.notes import NoteForm
from app.contests.queries import contest as contests
from app.contests.queries import entries, standings
from app.contests.queries.blocking import contest_blockers
from app.contests.queries.contest import ContestFacts, EvaluationFacts
from app.contests.queries.disputes import disputes
from app.contests.queries.entries import Ranked
from app.contests.queries.errands import errands_of
from app.contests.queries.live_standings import live_standings, terms_now
from app.contests.queries.notes import claim_on, notes
from app.contests.rules.rail import Life, rail
from app.contests.rules.tiebreakers import LABELS
from app.contests.views import bp
from app.contests.views.clocks import challenge, evaluation_clock
from app.contests.views.events import events
from app.contests.views.market import market_check
from app.contests.views.refreshing import refreshing
from app.contests.views.steps import blocker_links, next_step, rail_items, tabs, why_not
from app.contests.views.tie_cards import shown
from app.contests.views.values import value_chart
from app.core.access import actor, allow
from app.core.errors import Refusal
from app.core.htmx import render_page
from app.core.paging import place
from app.core.progress import last_step


def found(code: str) -> ContestFacts:
    contest = contests.contest_by_code(code)
    if contest is None:
        abort(404, f"There is no contest {code}.")
    return contest


@bp.get("/<code>")
@allow("contests:contest:read")
def show(code: str) -> Any:
    return contest_page(found(code))


def contest_page(contest: ContestFacts, *, status: int = 200, **sent: NoteForm | Refusal) -> Any:
    """`sent` is the note that was not added, or why the contest was not claimed or its errand not done."""
    versions = contests.evaluations(contest.id)
    result = contests.current(versions)
    lived = contests.steps(contest.id)
    reached = {step.state: step.at for step in lived}
    step = next_step(contest, result)
    at = place(request.args.get("after"), request.args.get("before"), parts=2)
    return render_page(
        "contests/show.html",
        "contests/_contest.html",
        status=status,
        contest=contest,
        result=result,
        versions=versions,
        tabs=tabs(contest, result, "show", taken=step.key),
        steps=rail_items(contest, rail(_life(contest, result, reached))),
        blockers=blocker_links(contest, contest_blockers(contest.id)),
        market_check=market_check(contest),
        running=last_step("evaluation", contest.id) if contest.state == "price_check" else None,
        refresh_s=2 if contest.state == "price_check" else None,
        step=step,
        why_not=why_not,
        clock=evaluation_clock(contest, next((step.at for step in lived if step.state == "proposed"), None)),
        standings=standings.standings_page(result.id, at) if result else None,
        live=live_standings(contest) if contest.state == "live" else None,
        refreshing=refreshing(contest),
        events=events(timeline("contest", contest.code), lived),
        challenge=challenge(contest, reached),
        **_left_by_people(contest, sent),
    )


def _life(contest: ContestFacts, result: EvaluationFacts | None, reached: Mapping[str, datetime]) -> Life:
    return Life(
        contest.state, reached, contest.started_at, contest.ended_at,
        result.version if result else None, result.ties if result else 0, result.open_ties if result else 0,
    )  # fmt: skip


def _left_by_people(contest: ContestFacts, sent: Mapping[str, NoteForm | Refusal]) -> dict[str, Any]:
    return {
        "disputes": disputes(contest.id),
        "notes": notes(contest.id),
        "note_form": sent.get("note") or NoteForm(formdata=None, prefix="note-"),
        "claim": claim_on(contest.id),
        "claim_refused": sent.get("claim_refused"),
        "errands": errands_of(contest.id) if contest.published_evaluation_id else (),
        "errand_refused": sent.get("errand_refused"),
        "is_kept": bool(sent),
        "me": actor(),
    }


@bp.get("/<code>/entries/<int:entry_id>")
@allow("contests:entry:read")
def entry(code: str, entry_id: int) -> Any:
    contest = found(code)
    played = entries.entry_in(contest.id, entry_id)
    if played is None:
        abort(404, f"Contest {code} has no such entry.")
    result = contests.current(contests.evaluations(contest.id))
    placed = entries.ranked(result.id, entry_id, request.args.get("rank", type=int)) if result else None
    at = place(request.args.get("after"), request.args.get("before"), parts=2)
    return render_page(
        "contests/entry.html",
        "contests/_entry.html",
        contest=contest,
        result=result,
        entry=played,
        ranked=placed,
        terms=entries.terms(played, contest.id, result.id) if result else None,
        now=terms_now(contest, played) if contest.state == "live" else None,
        chart=value_chart(contest, played),
        tiebreaks=_tiebreaks(contest, placed),
        trades=entries.trades_page(entry_id, at),
        tabs=tabs(contest, result, ""),
        back=url_for("contests.show", code=code),
    )


def _tiebreaks(contest: ContestFacts, placed: Ranked | None) -> list[tuple[str, str]]:
    """Empty for an entry whose score nobody equals."""
    if placed is None or not placed.values:
        return []
    return [(LABELS[rule], shown(rule, placed.values[rule])) for rule in contest.tiebreakers]
