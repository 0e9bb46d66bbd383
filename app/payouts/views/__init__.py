"""The payout desk's pages."""

from flask import Blueprint

bp = Blueprint("payouts", __name__)
RATE = "60 per minute"
"""Of each command, for each account."""

# They put their routes on the blueprint above, so it has to be there first.
from app.payouts.views import batches, books, deciding, freezing, holding, prizes, rewards  # noqa: E402, F401 (see above)
