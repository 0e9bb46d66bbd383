"""How long the last contests took from their end to their draft, by the times the database wrote."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from app.core.extensions import db

LAST = 50
TOOK = text("""
WITH newest AS (
  SELECT id, greatest(coalesce(ended_at, ends_at), created_at) AS since FROM contests
  WHERE state IN ('proposed', 'final', 'paying', 'paid') ORDER BY ends_at DESC, id DESC LIMIT :last
), took AS (
  SELECT extract(epoch FROM proposed.at - since) AS seconds FROM newest
  JOIN LATERAL (SELECT min(at) AS at FROM contest_transitions
                WHERE contest_id = newest.id AND to_state = 'proposed') proposed ON proposed.at IS NOT NULL
)
SELECT count(*)::int AS contests, percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds) AS median_s,
  max(seconds) AS slowest_s, count(*) FILTER (WHERE seconds <= :aim_s)::int AS within_aim,
  count(*) FILTER (WHERE seconds <= :goal_s)::int AS within_goal
FROM took
""")


@dataclass(frozen=True)
class EvaluationTimes:
    contests: int
    median_s: Decimal | None
    slowest_s: Decimal | None
    within_aim: int
    within_goal: int


def evaluation_times(*, aim_s: int, goal_s: int) -> EvaluationTimes:
    row = db.session.execute(TOOK, {"last": LAST, "aim_s": aim_s, "goal_s": goal_s}).mappings().one()
    return EvaluationTimes(**row)
