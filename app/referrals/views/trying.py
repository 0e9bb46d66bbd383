"""Other rules tried on the last period: what it would have cost, and who would have gained or lost."""

from typing import Any

from flask import request

from app.core.access import allow
from app.core.deadlines import patient
from app.core.htmx import render_page
from app.referrals.forms.trying import TrialForm, as_typed
from app.referrals.queries.leaderboard import names_of
from app.referrals.queries.periods import last_closed_period, open_period, terms
from app.referrals.queries.what_if import what_if_of
from app.referrals.views import bp

SHOWN = 15
UNPROCESSABLE = 422


@bp.get("/referrals/what-if")
@allow("referrals:programme:read")
@patient(15)
def what_if() -> Any:
    """The last period that was closed, or the one that runs while none is."""
    one = last_closed_period() or open_period()
    promised = terms(one.programme_id) if one else None
    asked = request.args or None
    form = TrialForm(asked, data=dict(as_typed(promised)) if promised else None)
    is_fine = asked is None or form.validate()
    found = what_if_of(one.id, form.tried(promised)) if one and promised and is_fine else None
    changed = found.changed if found else ()
    winners = [change for change in changed if change.would_be > change.was][:SHOWN]
    losers = [change for change in changed if change.would_be < change.was][:SHOWN]
    return render_page(
        "referrals/what_if.html",
        "referrals/_what_if.html",
        status=200 if is_fine else UNPROCESSABLE,
        period=one,
        form=form,
        found=found,
        winners=winners,
        losers=losers,
        names=names_of([change.person_id for change in (*winners, *losers)]),
    )
