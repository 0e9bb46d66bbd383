"""The pages of alerts and of the services: what is wrong, what is promised, and what may be pulled."""

from flask import Blueprint

bp = Blueprint("alerts", __name__)

# They put their routes on the blueprint above, so it has to be there first.
from app.alerts.views import handling, listing, maintaining, purging, services, showing, silencing  # noqa: E402, F401 (see above)
