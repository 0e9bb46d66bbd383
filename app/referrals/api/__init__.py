"""The JSON API of referrals: codes, signups, first deposits, and what became of a player."""

from flask import Blueprint

bp = Blueprint("attribution", __name__, url_prefix="/api/v1/referrals")

# They put their routes on the blueprint above, so it has to be there first.
from app.referrals.api import reading, telling  # noqa: E402, F401 (see above)
