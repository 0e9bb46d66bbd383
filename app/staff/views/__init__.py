"""Pages of staff: signing in, joining, one's own account, and everybody's."""

from typing import Any

from flask import Blueprint

from app.core import admission, revoking
from app.core.extensions import login
from app.staff import queries

bp = Blueprint("staff", __name__)


@bp.record_once
def own_sign_ins(state: Any) -> None:
    """Sign-ins are rows of ours; Flask-Login only asks for them."""
    login.session_protection = None
    login.request_loader(cookies.load)
    revoking.checks(state.app)[admission.ACCOUNT] = queries.live_sessions
    admission.known_by(state.app).append(cookies.viewers_behind)


# They put their routes on the blueprint above, so it has to be there first.
from app.staff.views import (  # noqa: E402 (see above)
    accounts,  # noqa: F401 (see above)
    confirming,  # noqa: F401 (see above)
    cookies,
    joining,  # noqa: F401 (see above)
    own_account,  # noqa: F401 (see above)
    passkeys,  # noqa: F401 (see above)
    second_factor,  # noqa: F401 (see above)
    signing_in,  # noqa: F401 (see above)
)
