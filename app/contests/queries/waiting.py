"""Since when a contest waits for its result."""

from sqlalchemy import func

from app.contests.models import Contest

WAITS_SINCE = func.greatest(func.coalesce(Contest.ended_at, Contest.ends_at), Contest.created_at)
"""Its end, or when we came to know of it, if that was later."""
