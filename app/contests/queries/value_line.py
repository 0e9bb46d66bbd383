"""What the value line of an entry is drawn from: its trades, and the prices of what it traded."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text

from app.contests.queries.contest import ContestFacts
from app.contests.rules.value_line import Known, Move
from app.core.extensions import db
from app.market.rules.feeds import LIVE_FEED

MOST_MOVES = 5_000
MOVES = text("""
SELECT executed_at AS at, token_id, CASE side WHEN 'buy' THEN quantity ELSE -quantity END AS quantity, price
FROM trades WHERE entry_id = :entry AND executed_at <= :stop ORDER BY executed_at, position LIMIT :limit
""")
CANDLES = text("""
SELECT DISTINCT ON (token_id, step) minute + interval '1 minute' AS at, token_id, close AS price
FROM (SELECT date_bin(:step, minute, :start) AS step, * FROM candles
      WHERE token_id = ANY(:tokens) AND minute >= :start AND minute < :stop) one
ORDER BY token_id, step, minute DESC
""")
TICKS = text("""
SELECT DISTINCT ON (token_id, step) at, token_id, price
FROM (SELECT date_bin(:step, at, :start) AS step, * FROM ticks
      WHERE feed_id = :feed AND token_id = ANY(:tokens) AND at >= :start AND at <= :stop AND price > 0) one
ORDER BY token_id, step, at DESC, id DESC
""")


def moves_until(entry_id: int, stop: datetime) -> Sequence[Move]:
    asked = {"entry": entry_id, "stop": stop, "limit": MOST_MOVES}
    return [Move(**row) for row in db.session.execute(MOVES, asked).mappings()]


def prices_between(contest: ContestFacts, tokens: Sequence[int], start: datetime, stop: datetime) -> Sequence[Known]:
    """The last price of each token in each step: our market's candles, or the ticks of the contest's recording."""
    step = max(timedelta(seconds=1), (stop - start) / 100)
    asked = {"tokens": list(tokens), "start": start, "stop": stop, "step": step}
    if contest.feed_id == LIVE_FEED:
        rows = db.session.execute(CANDLES, asked)
    else:
        rows = db.session.execute(TICKS, asked | {"feed": contest.feed_id})
    return [Known(**row) for row in rows.mappings()]
