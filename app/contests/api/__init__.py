"""The JSON API for the Contest System: contests, entries, trades, standings."""

from flask import Blueprint

bp = Blueprint("contest_system", __name__, url_prefix="/api/v1/contests")

# They put their routes on the blueprint above, so it has to be there first.
from app.contests.api import reading, telling, templates  # noqa: E402, F401 (see above)
