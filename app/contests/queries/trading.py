"""What a call with trades is held against, each asked once for the whole call."""

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from app.contests.rules.trading import EXACT, Account, Listed
from app.core.extensions import db

ACCOUNTS = text("""
SELECT p.wallet, e.id, e.disqualified, e.bought, e.sold,
  (SELECT max(t.executed_at) FROM trades t WHERE t.entry_id = e.id) AS last_at
FROM players p JOIN entries e ON e.player_id = p.id AND e.contest_id = :contest WHERE p.wallet = ANY(:wallets)
""")
HELD = text("""
SELECT entry_id, token_id, quantity FROM holdings WHERE contest_id = :contest AND entry_id = ANY(:entries)
""")
LISTED = text("""
SELECT t.mint, t.id, t.symbol, t.active_from, t.inactive_from,
  (SELECT array_agg(ARRAY[p.from_at, p.until_at]) FROM token_pauses p WHERE p.token_id = t.id) AS pauses
FROM contest_tokens c JOIN tokens t ON t.id = c.token_id WHERE c.contest_id = :contest AND t.mint = ANY(:mints)
""")
KNOWN = text("""
SELECT t.reference, p.wallet, k.mint, t.side, t.quantity, t.price, t.executed_at
FROM trades t JOIN tokens k ON k.id = t.token_id
JOIN entries e ON e.id = t.entry_id JOIN players p ON p.id = e.player_id
WHERE t.reference = ANY(:references) AND e.contest_id = :contest
""")
# A source counts with its last price of at most `max_age`, as in a settlement.
MARKET = text("""
SELECT asked.token_id, asked.at, median(array_agg(fresh.price ORDER BY fresh.price)) AS price
FROM unnest(cast(:tokens AS int[]), cast(:seconds AS timestamptz[])) AS asked (token_id, at)
CROSS JOIN LATERAL (
  SELECT DISTINCT ON (source) price FROM ticks
  WHERE feed_id = :feed AND token_id = asked.token_id AND price > 0
    AND at >= asked.at - cast(:max_age AS interval) AND at <= asked.at
  ORDER BY source, at DESC, id DESC) fresh
GROUP BY asked.token_id, asked.at HAVING count(*) >= :min_sources
""")


def accounts(contest_id: int, wallets: Collection[str], initial_balance: Decimal) -> dict[str, Account]:
    """By wallet, those that have an entry."""
    found = db.session.execute(ACCOUNTS, {"contest": contest_id, "wallets": list(wallets)}).all()
    by_entry: dict[int, Account] = {}
    for row in found:
        cash = EXACT.add(EXACT.subtract(initial_balance, row.bought), row.sold)
        by_entry[row.id] = Account(row.id, row.disqualified, cash, row.bought, row.sold, row.last_at)
    for entry_id, token_id, quantity in db.session.execute(HELD, {"contest": contest_id, "entries": list(by_entry)}):
        by_entry[entry_id].held[token_id] = quantity
    return {row.wallet: by_entry[row.id] for row in found}


def listed_tokens(contest_id: int, mints: Collection[str]) -> dict[str, Listed]:
    found = db.session.execute(LISTED, {"contest": contest_id, "mints": list(mints)})
    return {row.mint: Listed(row.id, row.symbol, row.active_from, row.inactive_from, row.pauses or ()) for row in found}


def known_trades(contest_id: int, references: Collection[str]) -> dict[str, tuple[Any, ...]]:
    """What was taken under these ids in this contest: wallet, mint, side, quantity, price, time."""
    found = db.session.execute(KNOWN, {"contest": contest_id, "references": list(references)})
    return {row[0]: tuple(row[1:]) for row in found}


def market_prices(
    feed_id: int, wanted: Collection[tuple[int, datetime]], *, max_age_ms: int, min_sources: int
) -> dict[tuple[int, datetime], Decimal]:
    """By token and second the median of the sources' last prices; nothing where too few sources are fresh."""
    facts = {
        "feed": feed_id, "tokens": [token for token, _ in wanted], "seconds": [at for _, at in wanted],
        "max_age": timedelta(milliseconds=max_age_ms), "min_sources": min_sources,
    }  # fmt: skip
    return {(row.token_id, row.at): row.price for row in db.session.execute(MARKET, facts)}
