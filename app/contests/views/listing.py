"""The list of contests."""

from typing import Any

from flask import request

from app.contests.queries import contest_list
from app.contests.queries.evaluation_times import evaluation_times
from app.contests.rules import search
from app.contests.views import bp
from app.contests.views.clocks import AIM_S, evaluation_clock
from app.contests.views.words import why
from app.core.access import allow
from app.core.extensions import settings
from app.core.htmx import render_page
from app.core.paging import place


@bp.get("")
@allow("contests:contest:read")
def index() -> Any:
    line = " ".join(request.args.get("q", "")[:200].split())
    asked = search.search_for(line)
    at = place(request.args.get("after"), request.args.get("before"), parts=2)
    goal_s = settings().evaluation_goal_s
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
    )
