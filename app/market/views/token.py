"""One token: its price now, its candles, and its sources against each other."""

from typing import Any

from flask import abort, jsonify, render_template, request, url_for

from app.core.access import allow
from app.core.extensions import settings
from app.core.formats import server_now
from app.core.htmx import is_htmx, see_other
from app.market.charts import RANGES, price_chart, range_of
from app.market.queries import token_page
from app.market.queries.latest import latest_rows
from app.market.queries.token_list import Listed
from app.market.queries.token_page import TokenFacts
from app.market.rules.compared import compared
from app.market.rules.digits import places
from app.market.rules.terms import terms
from app.market.views import bp, feed

REFRESH_S = 5


def found(mint: str) -> TokenFacts:
    token = token_page.token_by_mint(mint)
    if token is None:
        abort(404, f"We know no token with the mint {mint}.")
    return token


@bp.get("/<mint>")
@allow("market:prices:read")
def show(mint: str) -> Any:
    token = found(mint)
    chosen = range_of(request.args.get("range", ""))
    latest, now = latest_rows(), server_now()
    quote = latest.quotes.get(token.id)
    return render_template(
        "market/token.html",
        token=token,
        row=Listed(token.id, token.mint, token.symbol, token.name, quote),
        latest=latest,
        feed=feed.feed_state(latest, now),
        words=feed,
        ranges=RANGES,
        chosen=chosen,
        chart=price_chart(token.symbol, token_page.bars(token.id, chosen.start(now), chosen.step)),
        goal_ms=settings().market_latency_goal_ms,
        refresh_s=REFRESH_S,
        **_sources(token),
    )


@bp.get("/<mint>/chart")
@allow("market:prices:read")
def chart(mint: str) -> Any:
    """What the chart draws, for pages that are open while it grows."""
    token = found(mint)
    chosen = range_of(request.args.get("range", ""))
    drawn = price_chart(token.symbol, token_page.bars(token.id, chosen.start(server_now()), chosen.step))
    return jsonify(figure=drawn.figure, rows=drawn.rows)


@bp.get("/<mint>/sources")
@allow("market:prices:read")
def sources(mint: str) -> Any:
    """Sources, gaps and sentiment alone, for pages that are open while they change."""
    token = found(mint)
    if not is_htmx():
        return see_other(url_for("market.show", mint=mint))
    return render_template("market/_sources.html", token=token, **_sources(token))


def _sources(token: TokenFacts) -> dict[str, Any]:
    now = server_now()
    told = token_page.last_told(token.id, now)
    minutes = token_page.recent_minutes(token.id, now)
    return {
        "now": now,
        "places": places,
        "sources": compared(told, now),
        "gaps": token_page.gaps(token.id, now),
        "felt": terms(minutes[-1].close, minutes) if minutes else None,
    }
