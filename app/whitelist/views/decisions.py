"""Decisions: the list, and one with the evidence its reviewer saw and what came of its blast radius."""

from datetime import datetime
from typing import Any

from flask import abort, request

from app.core.access import allow
from app.core.formats import server_now
from app.core.htmx import render_page
from app.core.paging import place
from app.whitelist.queries.decisions import decision_of, found_decisions
from app.whitelist.rules.deciding import spoken
from app.whitelist.rules.decision_search import CHIPS, decision_search
from app.whitelist.service.standing import states_now
from app.whitelist.views import bp


@bp.get("/decisions")
@allow("whitelist:submission:read")
def decisions() -> Any:
    line = " ".join(request.args.get("q", "")[:200].split())
    search, now = decision_search(line), server_now()
    at = place(request.args.get("after"), request.args.get("before"), parts=2)
    return render_page(
        "whitelist/decisions.html",
        "whitelist/_decision_list.html",
        q=line,
        search=search,
        chips=[(text, term, None) for text, term in CHIPS],
        found=found_decisions(search, now, at),
        now=now,
    )


@bp.get("/decisions/<int:decision_id>")
@allow("whitelist:submission:read")
def decision(decision_id: int) -> Any:
    one = decision_of(decision_id)
    if one is None:
        abort(404, f"There is no decision {decision_id}.")
    return render_page(
        "whitelist/decision.html",
        "whitelist/_decision.html",
        one=one,
        made=one.facts,
        states=states_now(one.facts.impact),
        spoken=spoken,
        read_at=datetime.fromisoformat,
        now=server_now(),
    )
