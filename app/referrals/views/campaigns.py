"""What came of each source and campaign."""

from typing import Any

from flask import request

from app.core.access import allow
from app.core.htmx import render_page
from app.core.paging import Place
from app.referrals import charts
from app.referrals.queries import periods as asked
from app.referrals.queries import standings
from app.referrals.views import bp
from app.referrals.views.standings import found


@bp.get("/referrals/campaigns")
@allow("referrals:campaign:read")
def campaigns() -> Any:
    """Of the period that `period` names, else of the open one."""
    wanted = request.args.get("period", type=int)
    one = found(wanted) if wanted else asked.open_period()
    period_id = one.id if one else 0
    total = standings.totals(period_id)
    return render_page(
        "referrals/campaigns.html",
        "referrals/_campaigns.html",
        period=one,
        periods=asked.period_list(Place()).rows[:8],
        funnels=standings.funnels(period_id),
        total=total,
        steps=charts.steps(total),
        share_bps=charts.share_bps,
    )
