"""Scores, ranks and tiebreakers: set-based, on exact numerics, nothing a row in Python."""

from collections.abc import Sequence

from sqlalchemy import text

from app.contests.rules.tiebreakers import order_by
from app.core.extensions import db

# Grouping in index order and sorting in little memory is the quickest shape at a million entries (docs/benchmarks.md).
SHAPE = "SET LOCAL work_mem = '16MB'; SET LOCAL enable_hashagg = off; SET LOCAL jit = off"

SCORE = text("""
INSERT INTO results (evaluation_id, rank, entry_id, score, value)
SELECT :evaluation, rank() OVER (ORDER BY score DESC), entry_id, score, value
FROM (
  SELECT entry_id, value, round(value, score_decimals) AS score
  FROM (
    SELECT e.id AS entry_id, c.score_decimals,
      c.initial_balance - e.bought + e.sold + coalesce(h.worth, 0) AS value
    FROM contests c JOIN entries e ON e.contest_id = c.id AND NOT e.disqualified
    LEFT JOIN (
      SELECT entry_id, sum(quantity * price) AS worth
      FROM holdings JOIN settlement_prices USING (token_id)
      WHERE contest_id = :contest AND evaluation_id = :evaluation GROUP BY entry_id
    ) h ON h.entry_id = e.id
    WHERE c.id = :contest
  ) valued
) scored
ORDER BY 2, 3
""")

# Lots and closes lie on one line of cumulated quantity: they match where their intervals overlap, first in first out.
TIEBREAK = text("""
INSERT INTO tiebreak_values (evaluation_id, entry_id, win_rate, profitable_trades, avg_profit, biggest_win,
                             profitable_time, first_profit_at)
WITH tied AS MATERIALIZED (
  SELECT entry_id FROM results WHERE evaluation_id = :evaluation AND rank IN (
    SELECT rank FROM results WHERE evaluation_id = :evaluation GROUP BY rank HAVING count(*) > 1)
), line AS (
  SELECT t.entry_id, t.token_id, t.side, t.price, t.executed_at, t.position, t.quantity,
    sum(t.quantity) OVER (PARTITION BY t.entry_id, t.token_id, t.side ORDER BY t.executed_at, t.position) AS upto
  FROM tied JOIN trades t USING (entry_id)
), close AS (
  SELECT entry_id, token_id, position, price, executed_at AS at, upto - quantity AS above, upto
  FROM line WHERE side = 'sell'
  UNION ALL
  SELECT h.entry_id, h.token_id, NULL, p.price, c.ends_at, total.bought - h.quantity, total.bought
  FROM tied JOIN holdings h USING (entry_id) JOIN contests c ON c.id = h.contest_id
  JOIN settlement_prices p ON p.evaluation_id = :evaluation AND p.token_id = h.token_id
  JOIN LATERAL (SELECT max(upto) AS bought FROM line
                WHERE (line.entry_id, line.token_id, side) = (h.entry_id, h.token_id, 'buy')) total ON true
  WHERE h.quantity > 0 AND h.contest_id = :contest
), closed AS (
  SELECT close.entry_id, close.at, min(lot.executed_at) AS since,
    sum((least(close.upto, lot.upto) - greatest(close.above, lot.upto - lot.quantity)) * (close.price - lot.price))
      AS profit
  FROM close JOIN line lot ON lot.entry_id = close.entry_id AND lot.token_id = close.token_id AND lot.side = 'buy'
    AND lot.upto > close.above AND lot.upto - lot.quantity < close.upto
  GROUP BY close.entry_id, close.token_id, close.position, close.at
)
SELECT :evaluation, tied.entry_id,
  coalesce(ratio(count(*) FILTER (WHERE profit > 0), nullif(count(closed.entry_id), 0), 9), 0),
  count(*) FILTER (WHERE profit > 0),
  coalesce(ratio(sum(profit), nullif(count(closed.entry_id), 0), 9), 0),
  round(greatest(coalesce(max(profit), 0), 0), 9),
  coalesce(sum(extract(epoch FROM at - since) * 1000000) FILTER (WHERE profit > 0), 0)::bigint,
  min(at) FILTER (WHERE profit > 0)
FROM tied LEFT JOIN closed USING (entry_id) GROUP BY tied.entry_id
""")

RERANK = """
UPDATE results SET rank = better.rank
FROM (
  SELECT r.rank AS shared, r.entry_id, r.rank - 1 + rank() OVER (PARTITION BY r.rank ORDER BY {order}) AS rank
  FROM results r JOIN tiebreak_values USING (evaluation_id, entry_id) WHERE r.evaluation_id = :evaluation
) better
WHERE results.evaluation_id = :evaluation AND results.rank = better.shared AND results.entry_id = better.entry_id
  AND better.rank <> better.shared
"""


def rank_entries(contest_id: int, evaluation_id: int, tiebreakers: Sequence[str]) -> int:
    """Writes every eligible entry's exact value, rounded score and rank; returns how many. 1, 2, 2, 4."""
    keys = {"contest": contest_id, "evaluation": evaluation_id}
    for statement in SHAPE.split(";"):
        db.session.execute(text(statement))
    ranked = db.session.execute(SCORE, keys).rowcount  # type: ignore[attr-defined]  # an INSERT has rowcount
    separated = db.session.execute(TIEBREAK, keys).rowcount  # type: ignore[attr-defined]  # an INSERT has rowcount
    if separated and tiebreakers:
        db.session.execute(text(RERANK.format(order=order_by(tiebreakers))), keys)
    return int(ranked)
