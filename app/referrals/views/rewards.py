"""What referrals earned: held, waiting for a batch, paid or rejected, each with its sentence."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request

from app.audit.service import note_export
from app.core import sheets
from app.core.access import actor, allow
from app.core.deadlines import patient
from app.core.formats import server_now
from app.core.htmx import render_page
from app.core.paging import place
from app.referrals.queries import rewards as asked
from app.referrals.queries.waiting import rewards_by_state
from app.referrals.rules.life import REWARD_STATES
from app.referrals.views import bp

COLUMNS: sheets.Columns[asked.RewardRow] = {
    "id": lambda row: row.id,
    "kind": lambda row: row.kind,
    "nickname": lambda row: row.nickname,
    "wallet": lambda row: row.wallet,
    "lamports": lambda row: row.lamports,
    "state": lambda row: row.state,
    "earned_at": lambda row: row.earned_at,
    "held_until": lambda row: row.held_until,
    "payout": lambda row: row.payout.id if row.payout else None,
    "batch": lambda row: row.payout.batch_id if row.payout else None,
    "why": lambda row: row.sentence,
}


@bp.get("/referrals/payouts")
@allow("referrals:reward:read")
def rewards() -> Any:
    state, states = _wanted(request.args.get("state", ""))
    at = place(request.args.get("after"), request.args.get("before"), parts=1)
    return render_page(
        "referrals/rewards.html",
        "referrals/_rewards.html",
        state=state,
        rows=asked.rewards_count(states, sheets.MOST_ROWS) if "export" in request.args else None,
        most=sheets.MOST_ROWS,
        sums=rewards_by_state(),
        found=asked.rewards_in(states, at),
        now=server_now(),
    )


@bp.post("/referrals/payouts/csv")
@allow("referrals:reward:export")
@patient(120)
def export_rewards() -> Response:
    state, states = _wanted(request.form.get("state", ""))
    rows = asked.rewards_count(states, sheets.MOST_ROWS)
    sheets.refuse_too_many(rows)
    note_export("referrals:reward:export", of="rewards", asked=state, rows=rows, by=actor())
    pages = sheets.every_page(lambda at: asked.rewards_in(states, at, sheets.PAGE))
    return sheets.download("referral-rewards", COLUMNS, pages)


def _wanted(state: str) -> tuple[str, Sequence[str]]:
    """All states, unless it is one of them."""
    return (state, (state,)) if state in REWARD_STATES else ("", REWARD_STATES)
