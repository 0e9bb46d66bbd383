"""The payout desk's pages."""

from flask import Blueprint

from app.core.limits import limit_commands

bp = Blueprint("payouts", __name__)
limit_commands(bp, "60 per minute")

# They put their routes on the blueprint above, so it has to be there first.
from app.payouts.views import batches, books, deciding, freezing, holding, prizes  # noqa: E402, F401 (see above)
