"""The page of a person."""

from flask import Blueprint

bp = Blueprint("people", __name__, url_prefix="/people")

# They put their routes on the blueprint above, so it has to be there first.
from app.people.views import noting, showing  # noqa: E402, F401 (see above)
