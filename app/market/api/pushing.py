"""Prices pushed by programs: one call, many ticks."""

from collections import Counter as Tally
from collections.abc import Sequence

import orjson
from flask import Response

from app.core import clients, limits
from app.core.access import allow_client
from app.core.api.operations import operation
from app.core.extensions import csrf
from app.core.metrics import Counter
from app.market.api import bp
from app.market.api.answers import Pushed
from app.market.api.body import TICKS, Tick
from app.market.rules.ticks import REASONS
from app.market.service.ingest import take

MARKET_RATE = "600 per minute"
COUNTED = Counter("ticks_total", "Ticks that were pushed, by what became of them.", ("outcome",))


@bp.post("")
@allow_client("market:prices:write")
@csrf.exempt
@limits.limit(MARKET_RATE)
@operation(Pushed, takes=TICKS)
def push(told: Sequence[Tick]) -> Response:
    """Says of each tick whether it was taken in; a call that is sent again finds its ticks to be duplicates."""
    caller = clients.caller()
    reasons = [verdict.reason for verdict in take(told, origin=caller.name, sources=caller.sources)]
    refused = [_refused(index, reason) for index, reason in enumerate(reasons) if reason]
    for reason, ticks in Tally(reasons).items():
        COUNTED.add(ticks, outcome=reason or "accepted")
    answer = {"accepted": len(reasons) - len(refused), "refused": refused}
    return Response(orjson.dumps(answer), content_type="application/json")


def _refused(index: int, reason: str) -> dict[str, int | str]:
    field, detail = REASONS[reason]
    return {"index": index, "field": field, "reason": reason, "detail": detail}
