"""The JSON API of the whitelist."""

from flask import Blueprint

bp = Blueprint("whitelist", __name__, url_prefix="/api/v1/whitelist")

# They put their routes on the blueprint above, so it has to be there first.
from app.whitelist.api import answering, submitting  # noqa: E402, F401 (see above)
