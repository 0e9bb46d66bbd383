"""The list of alerts, in four views, and the panel of open ones that other pages include."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from app.alerts.queries import (
    AlertCounts,
    AlertLine,
    alert_counts,
    alert_list,
    longest_acknowledged,
    open_alerts,
)
from app.alerts.queries.open_alerts import VIEWS, muted
from app.alerts.queries.silences import SilenceLine, silences
from app.alerts.queries.watch import WatchState, watch_state
from app.alerts.rules.kinds import kind_of
from app.alerts.rules.services import SERVICES, dependents_of
from app.alerts.views import bp
from app.core.access import allow, lasting
from app.core.htmx import is_htmx, render_page, see_other
from app.core.lastly import Known, last_known
from app.core.paging import Page, Place, place

PANEL_SHOWS = 5
LABELS = dict(zip(VIEWS, ("Active", "Acknowledged", "Quiet", "Past"), strict=True))


@dataclass(frozen=True)
class Desk:
    page: Page[AlertLine]
    counts: AlertCounts
    held: Sequence[AlertLine]
    silences: Sequence[SilenceLine]
    watch: WatchState


@bp.get("/alerts")
@allow("alerts:alert:read")
@lasting
def index() -> Any:
    view = request.args.get("view", VIEWS[0])
    view = view if view in VIEWS else VIEWS[0]
    at = place(request.args.get("after"), request.args.get("before"), parts=2)
    known = last_known(("alerts", view, at), lambda: _read(view, at))
    return render_page(
        "alerts/index.html", "alerts/_index.html",
        view=view, labels=LABELS, services=SERVICES, kind_of=kind_of, here=request.full_path.rstrip("?"),
        lost_at=known.lost_at, follows=dependents_of("database"), **_shown(known),
    )  # fmt: skip


def _read(view: str, at: Place) -> Desk:
    return Desk(alert_list(view, at), alert_counts(), longest_acknowledged(), silences(), watch_state())


def _shown(known: Known[Desk]) -> dict[str, Any]:
    """While the database is away, what was known stands there muted by it."""
    shown = vars(known.value)
    if known.lost_at is None:
        return shown
    page = known.value.page
    rows = [muted(line, "database") for line in page.rows]
    return shown | {"page": Page(rows, page.before, page.after)}


@bp.get("/alerts/panel")
@allow("alerts:alert:read")
def panel() -> Any:
    """The open alerts alone, for pages that include them and are open while they change."""
    if not is_htmx():
        return see_other(url_for("alerts.index"))
    return render_template("alerts/_panel.html", open_alerts=open_alerts(PANEL_SHOWS))
