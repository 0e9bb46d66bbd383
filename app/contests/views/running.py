"""A contest while it runs: its indicative standings alone, for pages that are open while prices move."""

from typing import Any

from flask import url_for

from app.contests.queries.live_standings import live_standings
from app.contests.views import bp
from app.contests.views.showing import found
from app.core.access import allow
from app.core.htmx import is_htmx, render_page, see_other


@bp.get("/<code>/standings")
@allow("contests:contest:read")
def running(code: str) -> Any:
    contest = found(code)
    if not is_htmx() or contest.state != "live":
        return see_other(url_for("contests.show", code=code))
    return render_page(
        "contests/_live_standings.html",
        "contests/_live_standings.html",
        contest=contest,
        live=live_standings(contest),
    )
