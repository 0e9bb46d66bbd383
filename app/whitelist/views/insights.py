"""How reviewing goes, and second looks."""

from datetime import datetime, timedelta
from typing import Any

from flask import abort, request, url_for

from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.extensions import settings
from app.core.formats import server_now
from app.core.htmx import render_page, see_other
from app.whitelist.forms.reviewing import Look
from app.whitelist.queries import insights as asked
from app.whitelist.queries.queue import longest_waiting
from app.whitelist.rules.deciding import spoken
from app.whitelist.service.second_looks import look_again
from app.whitelist.views import bp

SPANS = (30, 60, 90)
UNPROCESSABLE = 422


@bp.get("/insights")
@allow("whitelist:insight:read")
def insights() -> Any:
    asked_days = request.args.get("days", SPANS[0], type=int)
    days = asked_days if asked_days in SPANS else SPANS[0]
    since = server_now() - timedelta(days=days)
    return render_page(
        "whitelist/insights.html",
        "whitelist/_insights.html",
        days=days,
        spans=SPANS,
        now=server_now(),
        waiting=longest_waiting(1),
        outcomes=asked.outcomes_since(since),
        reviewers=asked.reviewers_since(since),
        agreement=asked.agreement_since(since),
        longest=asked.longest_answer_since(since),
        goal_s=settings().whitelist_answer_goal_s,
        share_bps=settings().whitelist_second_look_bps,
    )


@bp.get("/second-look")
@allow("whitelist:submission:decide")
def second_look() -> Any:
    return _page()


@bp.post("/second-look")
@allow("whitelist:submission:decide")
def take_second_look() -> Any:
    form = Look(prefix="look-")
    if not form.validate_on_submit():
        abort(UNPROCESSABLE, "Reload the page: the form is incomplete.")
    done = attempt(lambda: look_again(form.seen_decision, verdict=form.verdict.data or "", by=actor()))
    if isinstance(done, Refusal):
        return _page(refusal=done, status=done.status)
    told = "You both agree." if done else "The first reviewer decided otherwise: insights count it."
    return see_other(url_for("tokens.second_look"), told=told)


def _page(*, refusal: Refusal | None = None, status: int = 200) -> Any:
    one = asked.next_second_look(actor().id)
    form = Look(prefix="look-", formdata=None)
    form.decision.data = one.decision_id if one else None
    return render_page(
        "whitelist/second_look.html",
        "whitelist/_second_look.html",
        status=status,
        one=one,
        form=form,
        refusal=refusal,
        spoken=spoken,
        read_at=datetime.fromisoformat,
        now=server_now(),
    )
