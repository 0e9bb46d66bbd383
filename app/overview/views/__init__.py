"""Today: what needs a person, worst first, and the clocks."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_login import current_user

from app.contests.queries import desk
from app.core.access import allow
from app.core.htmx import is_htmx, render_page, see_other
from app.overview.views import nav
from app.overview.views.lines import clock_tiles, lines
from app.overview.views.money import money_tile
from app.payouts.queries.waiting import longest_unpaid, money_waiting
from app.referrals.queries.waiting import tasks as referral_tasks
from app.staff.queries.mentions import mentions_of
from app.whitelist.queries.queue import longest_waiting

bp = Blueprint("overview", __name__)
SUBMISSIONS_SHOWN = REFERRALS_SHOWN = 5


@bp.app_context_processor
def menu_of_the_page() -> dict[str, Any]:
    return {"nav": nav.items(), "menu_at": nav.here()}


@bp.get("/")
@allow("overview:today:read")
def today() -> Any:
    clocks = desk.clocks()
    shown = lines(
        desk.contests_waiting(), desk.imports_waiting(), money_waiting(), longest_waiting(SUBMISSIONS_SHOWN),
        referrals=referral_tasks(REFERRALS_SHOWN), now=clocks.now,
    )  # fmt: skip
    return render_page(
        "overview/today.html",
        "overview/_today.html",
        lines=shown,
        more=nav.waiting().all - len(shown),
        clocks=[*clock_tiles(clocks), money_tile(longest_unpaid(), clocks.now)],
        now=clocks.now,
        newest_final=clocks.newest_final,
        mentions=mentions_of(current_user.account_id),
        mention_page=mentions.page_of,
    )


@bp.get("/menu")
@allow("overview:menu:read")
def menu() -> Any:
    """The menu alone, for pages that are open while its counts change."""
    if not is_htmx():
        return see_other(url_for("overview.today"))
    return render_template("layouts/_nav.html")


# They put their routes on the blueprint above, so it has to be there first.
from app.overview.views import mentions, searching  # noqa: E402, F401 (see above)
