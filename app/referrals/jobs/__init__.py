"""What the worker does for referrals, in the order it asks."""

from app.core.jobs import Every
from app.referrals.jobs.following import approve_next, follow_next, look_at_next, notice_next_contest, refresh_ranks
from app.referrals.jobs.keeping import forget_old, make_ahead, replay_clicks, turn_of_period
from app.referrals.queries.promised import followed, rewarded, tracked

STEPS = (
    Every(1, replay_clicks), Every(1, notice_next_contest), Every(1, look_at_next), Every(1, approve_next),
    Every(2, follow_next), Every(1, turn_of_period), Every(5, refresh_ranks), Every(600, make_ahead),
    Every(60, forget_old),
)  # fmt: skip
MEASURES = (tracked, rewarded, followed)
