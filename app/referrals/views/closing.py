"""Closing a period: what would be frozen and paid, and doing it."""

from typing import Any

from flask import abort, url_for

from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.deadlines import patient
from app.core.errors import Refusal
from app.core.formats import count, sol
from app.core.htmx import see_other
from app.referrals.forms.reviewing import Closing
from app.referrals.service.periods import close_period
from app.referrals.views import bp
from app.referrals.views.standings import found, standings_page

UNPROCESSABLE = 422


@bp.post("/referrals/periods/<int:period_id>/close")
@allow("referrals:period:close")
@patient(30)
def close(period_id: int) -> Any:
    one, form = found(period_id), Closing(prefix="close-")
    if not form.validate_on_submit():
        abort(UNPROCESSABLE, "Reload the page: the form is incomplete.")
    done = attempt(lambda: close_period(one.id, version=form.version.data or 0, by=actor()))
    if isinstance(done, Refusal):
        return standings_page(found(period_id), refusal=done, status=done.status)
    live.emit("referral.closed", {"id": period_id})
    told = f"Closed: {count(len(done.lines), 'place')}, {sol(done.lamports)} SOL, held for their days."
    return see_other(url_for("referrals.period", period_id=period_id), told=told)
