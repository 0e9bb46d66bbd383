"""Links that referrers share, and the referral desk."""

from flask import Blueprint

bp = Blueprint("referrals", __name__)

# They put their routes on the blueprint above, so it has to be there first.
from app.referrals.views import (  # noqa: E402 (see above)
    campaigns,  # noqa: F401
    closing,  # noqa: F401
    following,  # noqa: F401
    reviewing,  # noqa: F401
    rewards,  # noqa: F401
    risk,  # noqa: F401
    standings,  # noqa: F401
    trying,  # noqa: F401
)
