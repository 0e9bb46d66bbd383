"""The pages of alerts: what is wrong, one alert with its timeline, and silences."""

from flask import Blueprint

bp = Blueprint("alerts", __name__, url_prefix="/alerts")

# They put their routes on the blueprint above, so it has to be there first.
from app.alerts.views import handling, listing, showing, silencing  # noqa: E402, F401 (see above)
