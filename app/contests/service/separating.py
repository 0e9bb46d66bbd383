"""Equal scores: the tiebreakers of those who share one, from their closing trades, and the ranks that follow."""

from sqlalchemy import text

from app.contests.models import Contest
from app.contests.rules.tiebreakers import order_by
from app.contests.service.planning import planned
from app.core.extensions import db

# Lots and closes lie on one line of cumulated quantity: they match where their intervals overlap, first in first out.
# Whose they are is looked up entry by entry (OFFSET 0 keeps it so); the rest is joined in one go, however many it is.
SEPARATED = text("""
CREATE TEMPORARY TABLE separated ON COMMIT DROP AS
WITH tied AS MATERIALIZED (
  SELECT rank, entry_id, (SELECT e.bought > 0 FROM entries e WHERE e.id = ranked.entry_id) AS traded
  FROM ranked WHERE rank IN (SELECT rank FROM ranked WHERE follows_equal)
), line AS MATERIALIZED (
  SELECT tied.entry_id, t.token_id, t.side, t.price, t.executed_at, t.position, t.quantity,
    sum(t.quantity) OVER (PARTITION BY tied.entry_id, t.token_id, t.side ORDER BY t.executed_at, t.position) AS upto
  FROM tied CROSS JOIN LATERAL (SELECT * FROM trades WHERE trades.entry_id = tied.entry_id OFFSET 0) AS t WHERE traded
), held AS (
  SELECT entry_id, token_id, sum(CASE side WHEN 'buy' THEN quantity ELSE -quantity END) AS quantity,
    sum(quantity) FILTER (WHERE side = 'buy') AS bought
  FROM line GROUP BY entry_id, token_id
), close AS (
  SELECT entry_id, token_id, position, price, executed_at AS at, upto - quantity AS above, upto
  FROM line WHERE side = 'sell'
  UNION ALL
  SELECT entry_id, token_id, NULL, p.price, c.ends_at, bought - held.quantity, bought
  FROM held JOIN settlement_prices p USING (token_id) CROSS JOIN (SELECT ends_at FROM contests WHERE id = :contest) c
  WHERE p.evaluation_id = :evaluation AND held.quantity > 0
), closed AS (
  SELECT close.entry_id, close.at, min(lot.executed_at) AS since,
    sum((least(close.upto, lot.upto) - greatest(close.above, lot.upto - lot.quantity)) * (close.price - lot.price))
      AS profit
  FROM close JOIN line lot ON lot.entry_id = close.entry_id AND lot.token_id = close.token_id AND lot.side = 'buy'
    AND lot.upto > close.above AND lot.upto - lot.quantity < close.upto
  GROUP BY close.entry_id, close.token_id, close.position, close.at
), figures AS (
  SELECT entry_id,
    ratio(count(*) FILTER (WHERE profit > 0), count(*), 9) AS win_rate,
    count(*) FILTER (WHERE profit > 0) AS profitable_trades,
    ratio(sum(profit), count(*), 9) AS avg_profit,
    round(greatest(max(profit), 0), 9) AS biggest_win,
    coalesce(sum(extract(epoch FROM at - since) * 1000000) FILTER (WHERE profit > 0), 0)::bigint AS profitable_time,
    min(at) FILTER (WHERE profit > 0) AS first_profit_at
  FROM closed GROUP BY entry_id
)
SELECT tied.rank, tied.entry_id, coalesce(win_rate, 0) AS win_rate, coalesce(profitable_trades, 0) AS profitable_trades,
  coalesce(avg_profit, 0) AS avg_profit, coalesce(biggest_win, 0) AS biggest_win,
  coalesce(profitable_time, 0) AS profitable_time, first_profit_at
FROM tied LEFT JOIN figures USING (entry_id)
""")
KEPT = text("""
INSERT INTO tiebreak_values (evaluation_id, entry_id, win_rate, profitable_trades, avg_profit, biggest_win,
                             profitable_time, first_profit_at)
SELECT :evaluation, entry_id, win_rate, profitable_trades, avg_profit, biggest_win, profitable_time, first_profit_at
FROM separated
""")
# Where nobody won or lost anything there is nothing to compare.
RERANKED = """
UPDATE results SET rank = better.rank
FROM (
  SELECT rank AS shared, entry_id, rank - 1 + rank() OVER (PARTITION BY rank ORDER BY {order}) AS rank
  FROM separated WHERE rank IN (SELECT rank FROM separated WHERE profitable_trades > 0 OR avg_profit <> 0)
) better
WHERE results.evaluation_id = (SELECT :evaluation) AND results.rank = better.shared
  AND results.entry_id = better.entry_id
  AND better.rank <> better.shared
"""


def separate(contest: Contest, evaluation_id: int) -> None:
    """Of the entries just ranked, who shares a score keeps their tiebreakers and takes the rank within the group."""
    keys = {"contest": contest.id, "evaluation": evaluation_id}
    with planned(without=("nestloop", "seqscan")):
        db.session.execute(SEPARATED, keys)
    db.session.execute(KEPT, keys)
    if contest.tiebreakers:
        with planned(without=("hashjoin", "mergejoin")):
            db.session.execute(text(RERANKED.format(order=order_by(contest.tiebreakers))), keys)
    db.session.execute(text("DROP TABLE separated"))
