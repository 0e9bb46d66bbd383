"""The tokens themselves: the list, one of them, and stopping it with what that touches in sight."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import abort, request, url_for

from app.core import live
from app.core.access import actor, allow
from app.core.attempts import attempt
from app.core.errors import Refusal
from app.core.formats import server_now
from app.core.htmx import render_page, see_other
from app.market.queries import token_page
from app.market.queries.tokens import Standing, listed_tokens, standings_of
from app.market.rules.compared import compared as compared_sources
from app.whitelist.forms.ordering import OrderForm
from app.whitelist.queries.reasons import reasons_in_use
from app.whitelist.queries.token import compared, decisions_on_token, lines_of, watch_on
from app.whitelist.rules.deciding import spoken
from app.whitelist.rules.findings import FEED
from app.whitelist.service.standing import Order, impact_on, order
from app.whitelist.views import bp

UNPROCESSABLE = 422
CHIPS = [("Active", "is:active", None), ("Suspended", "is:suspended", None), ("Delisted", "is:delisted", None)]
STATES = ("active", "suspended", "delisted")


@bp.get("")
@allow("whitelist:token:read")
def index() -> Any:
    line = " ".join(request.args.get("q", "")[:100].split())
    states = [state for state in STATES if f"is:{state}" in line.split()]
    words = " ".join(word for word in line.split() if not word.startswith("is:"))
    rows = listed_tokens(words, states or STATES)
    return render_page("whitelist/tokens.html", "whitelist/_tokens.html", q=line, chips=CHIPS, rows=rows)


@bp.get("/<mint>")
@allow("whitelist:token:read")
def token(mint: str) -> Any:
    return _page(_found(mint))


@bp.post("/<mint>/suspend")
@allow("whitelist:token:decide")
def suspend(mint: str) -> Any:
    return _order(mint, "suspend")


@bp.post("/<mint>/quarantine")
@allow("whitelist:token:decide")
def quarantine_token(mint: str) -> Any:
    return _order(mint, "quarantine")


@bp.post("/<mint>/delist")
@allow("whitelist:token:decide")
def delist(mint: str) -> Any:
    return _order(mint, "delist")


@bp.post("/<mint>/reinstate")
@allow("whitelist:token:decide")
def reinstate(mint: str) -> Any:
    return _order(mint, "reinstate")


def _found(mint: str) -> Standing:
    one = standings_of([mint]).get(mint)
    if one is None:
        abort(404, f"We know no token with the mint {mint}.")
    return one


def _order(mint: str, kind: str) -> Any:
    one = _found(mint)
    form = OrderForm(prefix="order-")
    if not form.validate_on_submit():
        return _page(one, form=form, status=UNPROCESSABLE)
    if kind == "delist" and form.typed.data != one.symbol:
        form.typed.errors = [f"Type {one.symbol}: nothing leads back from delisted."]
        return _page(one, form=form, status=UNPROCESSABLE)
    wanted = Order(kind, form.seen.data or "", form.key.data or "", form.reason.data or "", form.words.data or "")
    done = attempt(lambda: order(mint, wanted, by=actor()))
    if isinstance(done, Refusal):
        return _page(_found(mint), form=form, refusal=done, status=done.status)
    live.emit("token.changed", {"id": mint})
    return see_other(url_for("tokens.token", mint=mint), told=f"{done.symbol} is {done.done}.")


def _page(one: Standing, *, form: OrderForm | None = None, refusal: Refusal | None = None, status: int = 200) -> Any:
    ordering = form or OrderForm(prefix="order-", formdata=None)
    ordering.offer(reasons_in_use("stop"), one.state)
    ordering.seen.data, ordering.key.data = one.state, ordering.key.data or uuid4().hex
    decisions, watch, now = decisions_on_token(one.id), watch_on(one.id), server_now()
    return render_page(
        "whitelist/token.html",
        "whitelist/_token.html",
        status=status,
        one=one,
        form=ordering,
        refusal=refusal,
        is_kept=bool(form or refusal),
        now=now,
        spoken=spoken,
        watch=watch,
        decisions=decisions,
        compared=compared(watch, decisions),
        served=lines_of(watch, FEED),
        read_at=datetime.fromisoformat,
        impact=impact_on(one.id) if one.state != "delisted" else None,
        sources=compared_sources(token_page.last_told(one.id, now), now),
        gaps=token_page.gaps(one.id, now),
    )
