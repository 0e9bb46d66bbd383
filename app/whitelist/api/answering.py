"""Whether a token may be traded, for one mint and for a whole portfolio."""

from typing import Any

from app.core.access import allow_client
from app.core.api.bodies import One
from app.core.api.operations import operation
from app.core.extensions import csrf
from app.core.limits import limit
from app.whitelist.api import bp
from app.whitelist.api.answers import TokenAnswer, TokenAnswers
from app.whitelist.forms.submitting import MintsTold
from app.whitelist.queries.answers import answers_on

RATE = "6000 per minute"


@bp.get("/<mint>")
@allow_client("whitelist:answers:read")
@limit(RATE)
@operation(TokenAnswer)
def answer(mint: str) -> dict[str, Any]:
    """Says whether a token may be traded now. An unknown mint is an answer too: not whitelisted."""
    return vars(answers_on([mint])[0])


@bp.post("/lookup")
@allow_client("whitelist:answers:read")
@csrf.exempt
@limit(RATE)
@operation(TokenAnswers, takes=One(MintsTold, largest=100_000))
def lookup(told: MintsTold) -> dict[str, Any]:
    """Says of many tokens at once whether they may be traded, in the order asked."""
    answers = [vars(one) for one in answers_on(told.mints)]
    return {"answers": answers, "all_whitelisted": all(one["whitelisted"] for one in answers)}
