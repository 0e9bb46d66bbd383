"""The contest desk's pages."""

from flask import Blueprint

bp = Blueprint("contests", __name__, url_prefix="/contests")

from app.contests.views import drafting as drafting  # noqa: E402 (these put their routes on bp)
from app.contests.views import evidence as evidence  # noqa: E402
from app.contests.views import importing as importing  # noqa: E402
from app.contests.views import listing as listing  # noqa: E402
from app.contests.views import showing as showing  # noqa: E402
from app.contests.views import ties as ties  # noqa: E402
