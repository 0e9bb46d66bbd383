"""Payouts for programs: Wallet Services tell what happened, others read."""

from flask import Blueprint

bp = Blueprint("payout_batches", __name__, url_prefix="/api/v1")

# They put their routes on the blueprint above, so it has to be there first.
from app.payouts.api import batches, events  # noqa: E402, F401 (see above)
