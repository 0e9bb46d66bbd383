"""Links that referrers share, and the referral desk."""

from flask import Blueprint

bp = Blueprint("referrals", __name__)

# They put their routes on the blueprint above, so it has to be there first.
from app.referrals.views import campaigns, following, rewards, risk, standings  # noqa: E402, F401 (see above)
