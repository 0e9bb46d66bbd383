"""The whitelist's desk: the queue, one submission, tokens, reasons."""

from flask import Blueprint

bp = Blueprint("tokens", __name__, url_prefix="/tokens")

# They put their routes on the blueprint above, so it has to be there first.
from app.whitelist.views import (  # noqa: E402 (see above)
    bulk,
    deciding,
    decisions,
    insights,
    noting,
    queue,
    reasons,
    showing,
    snoozing,
    thresholds,
    tokens,
)

__all__ = [
    "bp", "bulk", "deciding", "decisions", "insights", "noting", "queue", "reasons", "showing", "snoozing",
    "thresholds", "tokens",
]  # fmt: skip
