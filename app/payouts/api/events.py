"""Where Wallet Services tell that something happened. What they tell is a hint: the worker asks them itself."""

import time

from flask import request
from redis.exceptions import RedisError

from app.core.access import public
from app.core.errors import Refusal
from app.core.extensions import csrf, settings, valkey
from app.core.limits import limit
from app.payouts.api import bp
from app.payouts.rules.signatures import SIGNATURE, TIMESTAMP, WINDOW_S, NotTheirs, ensure_theirs
from app.payouts.service.hints import ask_about


@bp.post("/wallet/events")
@public
@csrf.exempt
@limit("600 per minute")
def receive() -> tuple[dict[str, object], int]:
    """Signed like our own requests; each is taken once."""
    given = request.headers.get(SIGNATURE, "")
    _ensure_theirs(given)
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("reference"), str):
        raise Refusal("The event names no reference.", "Send JSON with the transfer's “reference”.", status=422)
    _ensure_new(given)
    batch = ask_about(body["reference"])
    if batch is None:
        raise Refusal("No open transfer has this reference.", "Nothing needs to be sent again.", status=404)
    return {"asked_about": body["reference"]}, 202


def _ensure_theirs(given: str) -> None:
    try:
        ensure_theirs(
            settings().wallet_secret,
            now=int(time.time()),
            timestamp=request.headers.get(TIMESTAMP, ""),
            given=given,
            method=request.method,
            path=request.full_path.rstrip("?"),
            body=request.get_data(),
        )
    except NotTheirs as error:
        raise Refusal(str(error), f"Sign with WALLET_SECRET, as {SIGNATURE}.", status=401) from error


def _ensure_new(given: str) -> None:
    """A signature covers its second and its body, so the same one again is a replay, wherever it comes from."""
    try:
        is_new = valkey().set(f"wallet-event:{given}", 1, nx=True, ex=2 * WINDOW_S)
    except RedisError as error:
        what = "Whether this event came before cannot be looked up now."
        raise Refusal(what, "Send it again in a moment.", status=503, retry_after=2) from error
    if not is_new:
        raise Refusal("This event came before.", "Nothing needs to be sent again.", status=409)
