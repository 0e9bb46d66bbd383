"""The list of alerts, in four views, and the panel of open ones that other pages include."""

from typing import Any

from flask import render_template, request, url_for

from app.alerts.queries import alert_counts, alert_list, longest_acknowledged, open_alerts
from app.alerts.queries.open_alerts import VIEWS
from app.alerts.queries.silences import silences
from app.alerts.queries.watch import watch_state
from app.alerts.rules.kinds import kind_of
from app.alerts.rules.services import SERVICES
from app.alerts.views import bp
from app.core.access import allow
from app.core.htmx import is_htmx, render_page, see_other
from app.core.paging import place

PANEL_SHOWS = 5
LABELS = dict(zip(VIEWS, ("Active", "Acknowledged", "Quiet", "Past"), strict=True))


@bp.get("")
@allow("alerts:alert:read")
def index() -> Any:
    view = request.args.get("view", VIEWS[0])
    view = view if view in VIEWS else VIEWS[0]
    at = place(request.args.get("after"), request.args.get("before"), parts=2)
    return render_page(
        "alerts/index.html", "alerts/_index.html",
        view=view, labels=LABELS, page=alert_list(view, at), counts=alert_counts(), services=SERVICES,
        held=longest_acknowledged(), silences=silences(), watch=watch_state(), kind_of=kind_of,
        here=request.full_path.rstrip("?"),
    )  # fmt: skip


@bp.get("/panel")
@allow("alerts:alert:read")
def panel() -> Any:
    """The open alerts alone, for pages that include them and are open while they change."""
    if not is_htmx():
        return see_other(url_for("alerts.index"))
    return render_template("alerts/_panel.html", open_alerts=open_alerts(PANEL_SHOWS))
