"""The contest desk's pages."""

from flask import Blueprint

bp = Blueprint("contests", __name__, url_prefix="/contests")

# They put their routes on the blueprint above, so it has to be there first.
from app.contests.views import drafting, evidence, importing, listing, ruling, showing, ties, using  # noqa: E402, F401 (see above)
