"""The contests that trade a token: a part of the token's page, and a page of its own without scripts."""

from typing import Any

from flask import abort

from app.contests.queries.using import contests_using
from app.contests.views import bp
from app.core.access import allow
from app.core.htmx import render_page
from app.market.queries.tokens import known_tokens


@bp.get("/using/<mint>")
@allow("contests:contest:read")
def using(mint: str) -> Any:
    token = known_tokens([mint]).get(mint)
    if token is None:
        abort(404, f"We know no token with the mint {mint}.")
    return render_page("contests/using.html", "contests/_using.html", token=token, uses=contests_using(token.id))
