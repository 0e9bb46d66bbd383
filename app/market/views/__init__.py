"""The market's pages: every live token, one token, and the breaker that guards them."""

from flask import Blueprint

bp = Blueprint("market", __name__, url_prefix="/market")

# They put their routes on the blueprint above, so it has to be there first.
from app.market.views import breaker, listing, token  # noqa: E402, F401 (see above)
