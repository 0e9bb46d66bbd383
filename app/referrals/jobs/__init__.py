"""What the worker does for referrals, in the order it asks."""

from app.core.jobs import Every
from app.referrals.jobs.keeping import forget_old, make_ahead, replay_clicks, turn_of_period

STEPS = (Every(1, replay_clicks), Every(1, turn_of_period), Every(600, make_ahead), Every(60, forget_old))
