"""The queue of submissions."""

from typing import Any

from flask import request, url_for

from app.core.access import actor, allow
from app.core.extensions import settings
from app.core.formats import server_now
from app.core.htmx import render_page, see_other
from app.core.paging import place
from app.whitelist.queries import queue
from app.whitelist.queries.submission import still_undoable, undoable
from app.whitelist.rules import search
from app.whitelist.rules.bulk import numbers_of
from app.whitelist.views import bp


@bp.get("/review")
@allow("whitelist:submission:read")
def review() -> Any:
    asked = request.args.get("q")
    line = search.DEFAULT if asked is None else " ".join(asked[:200].split())
    found = search.search_for(line)
    at = place(request.args.get("after"), request.args.get("before"), parts=2)
    listed = queue.queue_page(found, actor().id, at)
    return render_page(
        "whitelist/queue.html",
        "whitelist/_queue.html",
        q=line,
        search=found,
        chips=[(text, term, None) for text, term in search.CHIPS],
        found=listed,
        verdicts=queue.verdicts_on([row.submitter for row in listed.rows]),
        now=server_now(),
        goal_s=settings().whitelist_review_goal_s,
        me=actor(),
        undo_all=still_undoable(numbers_of(request.args.get("undo_all", "")), actor().id),
        undo=undoable(request.args.get("undo", 0, type=int), actor().id),
    )


@bp.get("/review/next")
@allow("whitelist:submission:read")
def review_next() -> Any:
    """To the submission that waits longest, or past the one named by `after`."""
    number = queue.next_waiting(request.args.get("after", 0, type=int))
    if number is None:
        return see_other(url_for("tokens.review"), told="Nothing waits for a review.")
    return see_other(url_for("tokens.submission", submission_id=number, turbo=request.args.get("turbo")))
