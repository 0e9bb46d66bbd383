"""The JSON API of the market."""

from flask import Blueprint

bp = Blueprint("prices", __name__, url_prefix="/api/v1/prices")

# They put their routes on the blueprint above, so it has to be there first.
from app.market.api import pushing, reading  # noqa: E402, F401 (see above)
