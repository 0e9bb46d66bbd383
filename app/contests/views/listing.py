"""The list of contests."""

from typing import Any

from flask import Response, request

from app.audit.service import note_export
from app.contests.queries import contest_list
from app.contests.queries.evaluation_times import evaluation_times
from app.contests.rules import search
from app.contests.views import bp
from app.contests.views.clocks import AIM_S, evaluation_clock
from app.contests.views.words import why
from app.core import sheets
from app.core.access import actor, allow
from app.core.deadlines import patient
from app.core.extensions import settings
from app.core.htmx import render_page
from app.core.paging import place

COLUMNS: sheets.Columns[contest_list.ContestLine] = {
    "code": lambda contest: contest.code,
    "name": lambda contest: contest.name,
    "state": lambda contest: contest.state,
    "why": why,
    "starts_at": lambda contest: contest.starts_at,
    "ends_at": lambda contest: contest.ends_at,
    "players": lambda contest: contest.entries,
    "pool_lamports": lambda contest: contest.pool_lamports,
    "open_ties": lambda contest: contest.open_ties,
    "ties": lambda contest: contest.ties,
    "first_draft_at": lambda contest: contest.proposed_at,
}


@bp.get("")
@allow("contests:contest:read")
def index() -> Any:
    line = " ".join(request.args.get("q", "")[:200].split())
    asked = search.search_for(line)
    at = place(request.args.get("after"), request.args.get("before"), parts=2)
    goal_s = settings().evaluation_goal_s
    rows = contest_list.contests_count(asked, sheets.MOST_ROWS) if "export" in request.args else None
    return render_page(
        "contests/list.html",
        "contests/_list.html",
        q=line,
        search=asked,
        chips=[(text, term, None) for text, term in search.CHIPS],
        found=contest_list.contests_page(asked, at),
        clock_of=evaluation_clock,
        why=why,
        times=evaluation_times(aim_s=AIM_S, goal_s=goal_s),
        aim_s=AIM_S,
        goal_s=goal_s,
        rows=rows,
        most=sheets.MOST_ROWS,
    )


@bp.post("/csv")
@allow("contests:contest:export")
@patient(120)
def export() -> Response:
    line = " ".join(request.form.get("q", "")[:200].split())
    asked = search.search_for(line)
    rows = contest_list.contests_count(asked, sheets.MOST_ROWS)
    sheets.refuse_too_many(rows)
    note_export("contests:contest:export", of="contests", asked=line, rows=rows, by=actor())
    pages = sheets.every_page(lambda at: contest_list.contests_page(asked, at, sheets.PAGE))
    return sheets.download("contests", COLUMNS, pages)
