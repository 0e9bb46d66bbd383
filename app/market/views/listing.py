"""The table of the market, and the panels beside it that are fetched anew when they change."""

from typing import Any

from flask import render_template, request, url_for

from app.alerts.queries import breaker, open_alerts
from app.core.access import allow
from app.core.extensions import settings
from app.core.formats import server_now
from app.core.htmx import is_htmx, render_page, see_other
from app.market.queries.latest import latest_rows
from app.market.queries.token_list import DEFAULT_ORDER, token_list
from app.market.rules.digits import places
from app.market.rules.feeds import BREAKER
from app.market.views import bp, feed

ALERTS_SHOWN = 3
REFRESH_S = 5
HEADS = (
    ("token", "Token", False), ("price", "Price", True), ("m1", "1 m", True), ("h1", "1 h", True), ("d1", "24 h", True),
    ("volume", "Traded 24 h", True), ("high", "High 24 h", True), ("low", "Low 24 h", True),
    ("spread", "Sources", True), ("at", "Age", True),
)  # fmt: skip


@bp.get("")
@allow("market:prices:read")
def index() -> Any:
    q = " ".join(request.args.get("q", "")[:100].split())
    order = request.args.get("sort", DEFAULT_ORDER)[:20]
    latest = latest_rows()
    now = server_now()
    return render_page(
        "market/index.html",
        "market/_prices.html",
        q=q,
        order=order,
        heads=HEADS,
        latest=latest,
        listed=token_list(q, order, latest.quotes),
        feed=feed.feed_state(latest, now),
        words=feed,
        now=now,
        places=places,
        goal_ms=settings().market_latency_goal_ms,
        refresh_s=REFRESH_S,
        **watched(),
    )


@bp.get("/watch")
@allow("market:prices:read")
def watch() -> Any:
    """Breaker and alerts alone, for pages that are open while they change."""
    if not is_htmx():
        return see_other(url_for("market.index"))
    return render_template("market/_watch.html", **watched())


def watched() -> dict[str, Any]:
    return {"breaker": breaker(BREAKER), "alerts": open_alerts(ALERTS_SHOWN)}
