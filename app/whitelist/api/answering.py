"""Whether a token may be traded, for one mint and for a whole portfolio."""

from typing import Any

from flask import request

from app.core.access import allow_client
from app.core.extensions import csrf
from app.core.limits import limit
from app.whitelist.api import bp
from app.whitelist.forms.submitting import told_document, unusable
from app.whitelist.queries.answers import answers_on

MOST_MINTS = 1000
LARGEST_BODY = 100_000
LONGEST_MINT = 44
RATE = "6000 per minute"


@bp.get("/<mint>")
@allow_client("whitelist:answers:read")
@limit(RATE)
def answer(mint: str) -> dict[str, Any]:
    """An unknown mint is an answer too: not whitelisted."""
    return vars(answers_on([mint[:LONGEST_MINT]])[0])


@bp.post("/lookup")
@allow_client("whitelist:answers:read")
@csrf.exempt
@limit(RATE)
def lookup() -> dict[str, Any]:
    """Many at once, in the order asked."""
    request.max_content_length = LARGEST_BODY
    told = told_document(request.get_data(cache=False))
    mints = told.get("mints") if isinstance(told, dict) else None
    if not isinstance(mints, list) or not 1 <= len(mints) <= MOST_MINTS or not all(map(_is_short, mints)):
        raise unusable(f"“mints” is no list of 1 to {MOST_MINTS:,} addresses.")
    answers = [vars(one) for one in answers_on(mints)]
    return {"answers": answers, "all_whitelisted": all(one["whitelisted"] for one in answers)}


def _is_short(mint: Any) -> bool:
    return isinstance(mint, str) and len(mint) <= LONGEST_MINT
