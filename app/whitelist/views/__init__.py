"""The whitelist's desk: the queue, one submission, tokens, reasons."""

from flask import Blueprint

bp = Blueprint("tokens", __name__, url_prefix="/tokens")

# They put their routes on the blueprint above, so it has to be there first.
from app.whitelist.views import deciding, insights, noting, queue, reasons, showing, tokens  # noqa: E402, F401 (see above)
