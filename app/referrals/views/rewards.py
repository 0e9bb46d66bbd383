"""What referrals earned: held, waiting for a batch, paid or rejected, each with its sentence."""

from typing import Any

from flask import request

from app.core.access import allow
from app.core.formats import server_now
from app.core.htmx import render_page
from app.core.paging import place
from app.referrals.queries import rewards as asked
from app.referrals.queries.waiting import rewards_by_state
from app.referrals.rules.life import REWARD_STATES
from app.referrals.views import bp


@bp.get("/referrals/payouts")
@allow("referrals:reward:read")
def rewards() -> Any:
    state = request.args.get("state", "")
    states = (state,) if state in REWARD_STATES else REWARD_STATES
    at = place(request.args.get("after"), request.args.get("before"), parts=1)
    return render_page(
        "referrals/rewards.html",
        "referrals/_rewards.html",
        state=state,
        sums=rewards_by_state(),
        found=asked.rewards_in(states, at),
        now=server_now(),
    )
