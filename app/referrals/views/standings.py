"""The leaderboard of the open period, and of any other."""

from typing import Any

from flask import Response, abort, request, url_for

from app.audit.service import note_export
from app.core import sheets
from app.core.access import actor, allow
from app.core.deadlines import patient
from app.core.errors import Refusal
from app.core.formats import server_now
from app.core.htmx import render_page
from app.core.paging import place
from app.referrals import charts
from app.referrals.queries import periods as asked
from app.referrals.queries import standings
from app.referrals.queries.closing import close_preview
from app.referrals.queries.leaderboard import standings_count
from app.referrals.queries.periods import PeriodFacts
from app.referrals.rules.closing import blockers
from app.referrals.views import bp

ROWS = 25
COLUMNS: sheets.Columns[standings.StandingRow] = {
    "rank": lambda row: row.rank,
    "rank_before": lambda row: row.previous_rank,
    "nickname": lambda row: row.nickname,
    "wallet": lambda row: row.wallet,
    "clicks": lambda row: row.clicks,
    "signups": lambda row: row.signups,
    "pending": lambda row: row.pending,
    "qualified": lambda row: row.qualified,
    "counted": lambda row: row.counted,
    "flagged": lambda row: row.flagged,
    "banned": lambda row: row.is_banned,
    "reward_lamports": lambda row: row.lamports,
}


@bp.get("/referrals")
@allow("referrals:standing:read")
def index() -> Any:
    return standings_page(asked.open_period())


@bp.get("/referrals/periods/<int:period_id>")
@allow("referrals:standing:read")
def period(period_id: int) -> Any:
    return standings_page(found(period_id))


@bp.get("/referrals/periods")
@allow("referrals:standing:read")
def periods() -> Any:
    at = place(request.args.get("after"), request.args.get("before"), parts=1)
    listed = asked.period_list(at)
    return render_page("referrals/periods.html", "referrals/_periods.html", found=listed, now=server_now())


@bp.post("/referrals/periods/<int:period_id>/csv")
@allow("referrals:standing:export")
@patient(120)
def export(period_id: int) -> Response:
    one, rows = found(period_id), standings_count(period_id, sheets.MOST_ROWS)
    sheets.refuse_too_many(rows)
    note_export("referrals:standing:export", of="standings", asked=f"period {period_id}", rows=rows, by=actor())
    pages = sheets.every_page(lambda at: standings.leaderboard(one.id, at, size=sheets.PAGE))
    return sheets.download(f"referrals-{one.starts_at:%Y-%m-%d}", COLUMNS, pages)


def found(period_id: int) -> PeriodFacts:
    one = asked.period(period_id)
    if one is None:
        abort(404, f"There is no referral period {period_id}.")
    return one


def address(one: PeriodFacts | None, **query: Any) -> str:
    """The open period is the desk's first page."""
    if one is None or one.state == "open":
        return url_for("referrals.index", **query)
    return url_for("referrals.period", period_id=one.id, **query)


def standings_page(one: PeriodFacts | None, *, refusal: Refusal | None = None, status: int = 200) -> Any:
    """With the preview of its close, where the page is about one period that is not closed."""
    at = place(request.args.get("after"), request.args.get("before"), parts=3)
    listed = standings.leaderboard(one.id if one else 0, at, size=ROWS)
    total = standings.totals(one.id if one else 0)
    wants_file = one is not None and "export" in request.args
    return render_page(
        "referrals/leaderboard.html",
        "referrals/_leaderboard.html",
        status=status,
        refusal=refusal,
        preview=close_preview(one.id) if one and one.state != "closed" and request.view_args else None,
        why_not=blockers,
        period=one,
        here=address(one),
        address=address,
        found=listed,
        total=total,
        top=charts.top(listed.rows) if not at.key else None,
        steps=charts.steps(total),
        rows=standings_count(one.id, sheets.MOST_ROWS) if one and wants_file else None,
        most=sheets.MOST_ROWS,
        now=server_now(),
    )
