"""What applying a contest's result does to referrals: a part of the draft, and a page of its own without scripts."""

from typing import Any

from flask import abort

from app.contests.queries.contest import contest_by_code
from app.core.access import allow
from app.core.htmx import render_page
from app.referrals.queries.effects import effects_of
from app.referrals.views import bp


@bp.get("/referrals/of/<code>")
@allow("referrals:referral:read")
def effects(code: str) -> Any:
    contest = contest_by_code(code)
    if contest is None:
        abort(404, f"There is no contest {code}.")
    found = effects_of(contest.id)
    return render_page("referrals/effects.html", "referrals/_effects.html", contest=contest, found=found)
