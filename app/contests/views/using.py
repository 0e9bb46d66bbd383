"""The contests that trade a token: a part of the token's page, and a page of its own without scripts."""

from typing import Any, cast

from flask import Flask, abort
from flask.blueprints import BlueprintSetupState

from app.contests.queries.back_test import served
from app.contests.queries.using import contests_using, impact_of, states_of
from app.contests.views import bp
from app.core.access import allow
from app.core.htmx import render_page
from app.core.upward import answer_with
from app.market.queries.tokens import known_tokens
from app.whitelist.rules import impact, serving


@bp.record_once
def answer_whitelist(setup: BlueprintSetupState) -> None:
    """The whitelist asks what stopping a token would touch, and what its prices would have delayed."""
    answer_with(cast(Flask, setup.app), impact.QUESTION, impact_of)
    answer_with(cast(Flask, setup.app), impact.STATES, states_of)
    answer_with(cast(Flask, setup.app), serving.QUESTION, served)


@bp.get("/using/<mint>")
@allow("contests:contest:read")
def using(mint: str) -> Any:
    token = known_tokens([mint]).get(mint)
    if token is None:
        abort(404, f"We know no token with the mint {mint}.")
    return render_page("contests/using.html", "contests/_using.html", token=token, uses=contests_using(token.id))
