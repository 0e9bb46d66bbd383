"""A contest of any size, written straight into the tables: for measuring, where an import would take the evening."""

from typing import Any

import psycopg

SOURCES, WINDOW_S = ("alpha", "bravo", "charlie"), 60
SETTLEMENT = (
    '{"window_s": 60, "max_age_ms": 3000, "min_sources": 2, "max_deviation_bps": 200, "trim_bps": 2000,'
    ' "min_coverage_bps": 9000, "max_gap_s": 5, "max_final_gap_s": 2, "max_source_spread_bps": 100}'
)
BASE58 = "translate(lpad(to_hex({}), 43, 'z'), '0', 'A')"
# Prices from 0.00001 to 60,000, evenly over the magnitudes.
TOKEN = f"""
INSERT INTO tokens (mint, symbol, name, decimals, reason)
SELECT '2' || {BASE58.format("g")}, 'T' || g, 'Token ' || g, 9, 'for measuring' FROM generate_series(1, %(tokens)s) g
"""
PRICE = """
CREATE TEMPORARY TABLE listed AS
SELECT id AS token_id, row_number() OVER (ORDER BY id) - 1 AS n,
  round((10 ^ (random() * 9.77 - 5))::numeric, 8) AS price
FROM tokens WHERE reason = 'for measuring'
"""
CONTEST = """
WITH feed AS (INSERT INTO feeds (name) VALUES ('contest ' || %(code)s) RETURNING id)
INSERT INTO contests (code, name, state, starts_at, ends_at, started_at, ended_at, entry_fee_lamports, platform_fee_bps,
  prize_split_bps, min_participants, initial_balance, score_decimals, tie_policy, tiebreakers, settlement, feed_id,
  entries_count, trades_count)
SELECT %(code)s, 'Crowd', 'ended', ended - interval '1 hour', ended, ended - interval '1 hour', ended, 100000000, 1000,
  ARRAY[6900, 2000, 1100], 2, 10000, 8, 'review', ARRAY['win_rate', 'profitable_trades', 'avg_profit', 'biggest_win',
  'profitable_time', 'first_profit_at'], %(settlement)s, feed.id, %(entries)s, %(entries)s * 8
FROM feed, date_trunc('second', now() - interval '1 minute') AS ended RETURNING id, feed_id, ends_at
"""
ENTRY = f"""
WITH player AS (
  INSERT INTO players (wallet, nickname)
  SELECT '3' || {BASE58.format("%(contest)s * 10000000::bigint + g")}, 'player ' || g
  FROM generate_series(1, %(entries)s) g RETURNING id, nickname
)
INSERT INTO entries (contest_id, player_id, nickname, joined_at)
SELECT %(contest)s, id, nickname, now() - interval '2 hours' FROM player ORDER BY id
"""
# One entry in ten never trades; the others buy eight or nine tokens once each, which makes eight an entry.
TRADE = """
INSERT INTO trades (entry_id, token_id, side, quantity, price, executed_at, position)
SELECT id, token_id, 'buy', round((0.2 + random() * 0.8)::numeric * 1000 / price, 8),
  round(price * (0.9 + random() * 0.2)::numeric, 8),
  %(ends_at)s - interval '1 hour' + (e.n %% 3500) * interval '1 second' + i * interval '1 second', e.n * 9 + i
FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM entries WHERE contest_id = %(contest)s) e
CROSS JOIN generate_series(0, 8) i JOIN listed ON listed.n = (e.n * 7919 + i * 111) %% %(tokens)s
WHERE e.n %% 10 <> 0 AND (i < 8 OR e.n %% 9 <> 0) ORDER BY id, token_id
"""
HOLDING = """
INSERT INTO holdings (contest_id, entry_id, token_id, quantity)
SELECT %(contest)s, entry_id, token_id, sum(quantity) FROM trades JOIN entries e ON e.id = entry_id
WHERE contest_id = %(contest)s GROUP BY entry_id, token_id ORDER BY entry_id, token_id
"""
SPENT = """
UPDATE entries SET bought = spent FROM (
  SELECT entry_id, sum(quantity * price) AS spent FROM trades JOIN entries e ON e.id = entry_id
  WHERE contest_id = %(contest)s GROUP BY entry_id) sums WHERE entries.id = entry_id
"""
NAMED = """
INSERT INTO contest_tokens (contest_id, token_id, trades)
SELECT %(contest)s, token_id, count(*) FROM holdings WHERE contest_id = %(contest)s GROUP BY token_id
"""
TICK = """
INSERT INTO ticks (feed_id, token_id, source, price, at)
SELECT %(feed)s, token_id, source, price * (1 + ((token_id + second + ord) %% 7) * 0.0001),
  %(ends_at)s - second * interval '1 second' - ord * interval '100 milliseconds'
FROM generate_series(%(window)s + 2, 0, -1) AS second, listed,
  unnest(%(sources)s::text[]) WITH ORDINALITY AS s (source, ord)
"""


def gather(connection: "psycopg.Connection[Any]", code: str, *, entries: int, tokens: int) -> int:
    """An ended contest of so many entries with eight holdings each; its id. For superusers: references go unchecked."""
    connection.execute("SELECT setseed(0.42)")
    facts: dict[str, Any] = {
        "code": code, "entries": entries, "tokens": tokens, "settlement": SETTLEMENT, "sources": list(SOURCES),
        "window": WINDOW_S,
    }  # fmt: skip
    if not connection.execute("SELECT 1 FROM tokens WHERE reason = 'for measuring' LIMIT 1").fetchone():
        connection.execute(TOKEN, facts)
    connection.execute(PRICE)
    facts["contest"], facts["feed"], facts["ends_at"] = connection.execute(CONTEST, facts).fetchone()  # type: ignore[misc]  # RETURNING gives one row
    connection.execute("SET session_replication_role = replica")
    for statement in (ENTRY, "ANALYZE entries", TRADE, HOLDING, SPENT, NAMED, TICK):
        connection.execute(statement, facts if "%" in statement else None)
    connection.execute("DROP TABLE listed")
    connection.execute("VACUUM FULL entries")
    connection.execute("VACUUM ANALYZE")
    connection.execute("CHECKPOINT")
    return int(facts["contest"])
