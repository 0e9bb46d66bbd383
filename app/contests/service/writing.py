"""Staged lines become a contest: players, entries, trades, ticks, and the sums that are kept beside them."""

from datetime import datetime
from typing import cast

from sqlalchemy import column, select, table, text

from app.contests.models import Contest
from app.contests.service.locking import tell
from app.contests.service.staging import Staged
from app.core.extensions import db
from app.core.progress import Progress
from app.market import service as market

PLAYERS = """
INSERT INTO players (wallet, nickname) SELECT wallet, nickname FROM staged_entries ORDER BY wallet
ON CONFLICT (wallet) DO NOTHING
"""
ENTRIES = """
INSERT INTO entries (contest_id, player_id, nickname, joined_at, disqualified, bought, sold)
SELECT :contest, p.id, s.nickname, s.joined_at, s.disqualified, coalesce(sums.bought, 0), coalesce(sums.sold, 0)
FROM staged_entries s JOIN players p USING (wallet)
LEFT JOIN (
  SELECT wallet, sum(quantity * price) FILTER (WHERE side = 'buy') AS bought,
    sum(quantity * price) FILTER (WHERE side = 'sell') AS sold
  FROM staged_trades GROUP BY wallet) sums USING (wallet)
ORDER BY s.position
"""
NAMED = """
CREATE TEMPORARY TABLE staged_names ON COMMIT DROP AS
SELECT p.wallet, e.id AS entry_id FROM entries e JOIN players p ON p.id = e.player_id WHERE e.contest_id = :contest
"""
TRADES = """
INSERT INTO trades (entry_id, token_id, side, quantity, price, executed_at, position)
SELECT n.entry_id, k.id, s.side, s.quantity, s.price, s.executed_at, s.position
FROM staged_trades s JOIN staged_names n USING (wallet) JOIN tokens k USING (mint)
ORDER BY n.entry_id, s.executed_at, s.position
"""
HOLDINGS = """
INSERT INTO holdings (contest_id, entry_id, token_id, quantity)
SELECT :contest, n.entry_id, k.id, sum(CASE s.side WHEN 'buy' THEN s.quantity ELSE -s.quantity END)
FROM staged_trades s JOIN staged_names n USING (wallet) JOIN tokens k USING (mint)
GROUP BY n.entry_id, k.id ORDER BY n.entry_id, k.id
"""
CONTEST_TOKENS = """
INSERT INTO contest_tokens (contest_id, token_id, trades)
SELECT :contest, k.id, coalesce(n.trades, 0)
FROM staged_tokens s JOIN tokens k USING (mint)
LEFT JOIN (SELECT mint, count(*) AS trades FROM staged_trades GROUP BY mint) n USING (mint)
"""
WRITTEN = (PLAYERS, ENTRIES, NAMED, "ANALYZE staged_names", TRADES, HOLDINGS, CONTEST_TOKENS)


def write(staged: Staged, *, now: datetime, progress: Progress) -> Contest:
    """`now` is the database's time: it decides whether the contest has started and ended."""
    code = staged.terms.code
    steps = len(WRITTEN) + 1
    market.admit_tokens(_staged_tokens(), reason=f"came with contest {code}")
    contest = _contest(staged, market.open_feed(f"contest {code}"), now)
    db.session.execute(text("DROP TABLE IF EXISTS pg_temp.staged_names"))
    for done, statement in enumerate(WRITTEN):
        progress("Writing", done, steps)
        db.session.execute(text(statement), {"contest": contest.id} if ":contest" in statement else {})
    progress("Writing", steps - 1, steps)
    market.add_ticks(contest.feed_id, _staged_ticks())
    progress("Writing", steps, steps)
    return contest


def state_at(now: datetime, starts_at: datetime, ends_at: datetime) -> str:
    if ends_at <= now:
        return "ended"
    return "live" if starts_at <= now else "scheduled"


def _contest(staged: Staged, feed_id: int, now: datetime) -> Contest:
    terms = staged.terms
    state = state_at(now, terms.starts_at, terms.ends_at)
    contest = Contest(
        **terms.model_dump(),
        feed_id=feed_id,
        state=state,
        started_at=terms.starts_at if state != "scheduled" else None,
        ended_at=terms.ends_at if state == "ended" else None,
        entries_count=staged.lines["entries"],
        trades_count=staged.lines["trades"],
    )
    db.session.add(contest)
    db.session.flush()
    db.session.refresh(contest, ["version"])
    tell("contest.created", contest)
    return contest


def _staged_tokens() -> list[market.NewToken]:
    rows = db.session.execute(text("SELECT mint, symbol, name, decimals FROM staged_tokens ORDER BY position"))
    return [market.NewToken(*row) for row in rows]


def _staged_ticks() -> market.Ticks:
    columns = ("position", "mint", "source", "price", "volume", "at")
    return cast(market.Ticks, select(*(column(name) for name in columns)).select_from(table("staged_ticks")))
