"""Links that referrers share, and the referral desk."""

from flask import Blueprint

bp = Blueprint("referrals", __name__)

# They put their routes on the blueprint above, so it has to be there first.
from app.referrals.views import (  # noqa: E402 (see above)
    campaigns,  # noqa: F401 (see above)
    closing,  # noqa: F401 (see above)
    effects,  # noqa: F401 (see above)
    following,  # noqa: F401 (see above)
    reviewing,  # noqa: F401 (see above)
    rewards,  # noqa: F401 (see above)
    risk,  # noqa: F401 (see above)
    standings,  # noqa: F401 (see above)
    trying,  # noqa: F401 (see above)
)
