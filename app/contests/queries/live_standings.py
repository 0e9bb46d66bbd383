"""Who would stand where if a running contest ended now: indicative, from the latest prices, without tiebreakers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select, text

from app.contests.models import Holding
from app.contests.queries.contest import ContestFacts
from app.contests.queries.entries import EntryFacts, Held, Terms
from app.core.extensions import db
from app.market.queries import token_names
from app.market.queries.latest import latest_rows
from app.market.rules.feeds import LIVE_FEED

SHOWN = 50
RECORDED = text("""
SELECT ct.token_id, t.price, t.at FROM contest_tokens ct CROSS JOIN LATERAL (
  SELECT price, at FROM ticks
  WHERE feed_id = :feed AND token_id = ct.token_id AND at <= clock_timestamp() AND price > 0
  ORDER BY at DESC, id DESC LIMIT 1) t
WHERE ct.contest_id = :contest
""")
VALUED = text("""
WITH priced AS (
  SELECT * FROM unnest(cast(:tokens AS int[]), cast(:prices AS numeric[])) AS p (token_id, price)
), valued AS (
  SELECT e.id, e.nickname, e.player_id,
    cast(:balance AS numeric) - e.bought + e.sold + coalesce(sum(h.quantity * priced.price), 0) AS value,
    count(h.token_id) FILTER (WHERE priced.price IS NULL) AS unpriced
  FROM entries e
  LEFT JOIN holdings h ON h.contest_id = e.contest_id AND h.entry_id = e.id AND h.quantity > 0
  LEFT JOIN priced USING (token_id)
  WHERE e.contest_id = :contest AND NOT e.disqualified GROUP BY e.id
), standing AS (
  SELECT rank() OVER (ORDER BY round(value, :decimals) DESC) AS rank, count(*) OVER () AS players, * FROM valued
)
SELECT rank, s.id AS entry_id, s.nickname, p.wallet, round(value, :decimals) AS score, unpriced, players
FROM standing s JOIN players p ON p.id = s.player_id ORDER BY rank, s.id LIMIT :limit
""")


@dataclass(frozen=True)
class Priced:
    price: Decimal
    at: datetime


@dataclass(frozen=True)
class LiveStanding:
    """`unpriced` tokens that the player holds have no price yet and count nothing."""

    rank: int
    entry_id: int
    nickname: str
    wallet: str
    score: Decimal
    unpriced: int
    players: int

    def return_bps(self, initial_balance: Decimal) -> Decimal:
        return (self.score - initial_balance) * 10_000 / initial_balance


@dataclass(frozen=True)
class LiveStandings:
    """`priced_at` is the time of the newest price used, None when there is none."""

    rows: Sequence[LiveStanding]
    players: int
    priced_at: datetime | None


def prices_now(contest: ContestFacts) -> Mapping[int, Priced]:
    """The latest price of each token: our market's, or the last one the contest's own recording has told by now."""
    if contest.feed_id == LIVE_FEED:
        return {token_id: Priced(quote.price, quote.at) for token_id, quote in latest_rows().quotes.items()}
    rows = db.session.execute(RECORDED, {"feed": contest.feed_id, "contest": contest.id})
    return {row.token_id: Priced(row.price, row.at) for row in rows}


def live_standings(contest: ContestFacts) -> LiveStandings:
    prices = prices_now(contest)
    asked = {
        "tokens": list(prices), "prices": [one.price for one in prices.values()], "contest": contest.id,
        "balance": contest.initial_balance, "decimals": contest.score_decimals, "limit": SHOWN,
    }  # fmt: skip
    rows = [LiveStanding(**row) for row in db.session.execute(VALUED, asked).mappings()]
    newest = max((one.at for one in prices.values()), default=None)
    return LiveStandings(rows, rows[0].players if rows else 0, newest)


@dataclass(frozen=True)
class TermsNow:
    """The terms of a score as of now, and the symbols of what is held without a price."""

    terms: Terms
    unpriced: Sequence[str]


def terms_now(contest: ContestFacts, entry: EntryFacts) -> TermsNow:
    named, prices = token_names(), prices_now(contest)
    found = (
        select(Holding.token_id, named.c.symbol, named.c.mint, Holding.quantity)
        .join(named, named.c.id == Holding.token_id)
        .where(Holding.contest_id == contest.id, Holding.entry_id == entry.id, Holding.quantity != 0)
        .order_by(named.c.symbol, named.c.mint)
    )
    rows = db.session.execute(found).all()
    held = [
        Held(row.symbol, row.mint, row.quantity, prices[row.token_id].price) for row in rows if row.token_id in prices
    ]
    terms = Terms(entry.balance, entry.bought, entry.sold, held, entry.score_decimals)
    return TermsNow(terms, [row.symbol for row in rows if row.token_id not in prices])
