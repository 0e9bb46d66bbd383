"""Where Wallet Services tell that something happened. What they tell is a hint: the worker asks them itself."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import request
from redis.exceptions import RedisError

from app.core.access import public
from app.core.api.bodies import One
from app.core.api.operations import operation
from app.core.errors import Refusal
from app.core.extensions import csrf, settings, valkey
from app.core.limits import limit
from app.payouts.api import bp
from app.payouts.api.answers import EventTaken, EventTold
from app.payouts.rules.signatures import SIGNATURE, TIMESTAMP, WINDOW_S, NotTheirs, ensure_theirs
from app.payouts.service.hints import ask_about

View = TypeVar("View", bound=Callable[..., Any])
EVENT = One(EventTold)


def theirs(view: View) -> View:
    """Lets in what Wallet Services signed, before anything of it is read."""

    @wraps(view)
    def checked(**path: Any) -> Any:
        _ensure_theirs(request.headers.get(SIGNATURE, ""))
        return view(**path)

    return cast(View, checked)


@bp.post("/wallet/events")
@public
@csrf.exempt
@limit("600 per minute")
@theirs
@operation(EventTaken, takes=EVENT, statuses=[202], refuses=[404, 409])
def receive(told: EventTold) -> tuple[dict[str, object], int]:
    """Hears from Wallet Services that a transfer changed, signed like our own requests; each event is taken once."""
    _ensure_new(request.headers.get(SIGNATURE, ""))
    batch = ask_about(told.reference)
    if batch is None:
        raise Refusal("No open transfer has this reference.", "Nothing needs to be sent again.", status=404)
    return {"asked_about": told.reference}, 202


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
