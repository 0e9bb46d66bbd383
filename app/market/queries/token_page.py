"""One token: who it is, its candles, what each source told last, and where nobody told anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text

from app.core.charts import Bar
from app.core.extensions import db
from app.market.models import Candle, Token
from app.market.rules import sentiment
from app.market.rules.compared import MAX_AGE, Told
from app.market.rules.feeds import LIVE_FEED

SOURCES_BACK = timedelta(minutes=10)
GAPS_BACK = timedelta(hours=1)
GAPS_SHOWN = 10
BARS = text("""
    SELECT date_bin(:step, minute, :start) AS at, (array_agg(open ORDER BY minute))[1], max(high), min(low),
      (array_agg(close ORDER BY minute DESC))[1], sum(volume)
    FROM candles WHERE token_id = :token AND minute >= :start GROUP BY 1 ORDER BY 1
""")
TOLD = text("""
    SELECT DISTINCT ON (source) source, price, at, suspect FROM ticks
    WHERE feed_id = :feed AND token_id = :token AND at >= :since ORDER BY source, at DESC, id DESC
""")
GAPS = text("""
    SELECT before, at FROM (
      SELECT lag(at) OVER (ORDER BY at) AS before, at FROM (
        SELECT at FROM ticks WHERE feed_id = :feed AND token_id = :token AND at >= :since UNION ALL SELECT :now) told
    ) pairs WHERE at - before > :longest ORDER BY at DESC LIMIT :limit
""")


@dataclass(frozen=True)
class TokenFacts:
    id: int
    mint: str
    symbol: str
    name: str
    decimals: int
    state: str
    reason: str


@dataclass(frozen=True)
class Gap:
    """A stretch without a tick of any source, longer than a price stays fresh."""

    start: datetime
    end: datetime


def token_by_mint(mint: str) -> TokenFacts | None:
    columns = Token.id, Token.mint, Token.symbol, Token.name, Token.decimals, Token.state, Token.reason
    row = db.session.execute(select(*columns).where(Token.mint == mint)).one_or_none()
    return TokenFacts(*row) if row else None


def bars(token_id: int, start: datetime, step: timedelta) -> Sequence[Bar]:
    """Candles from `start` on, several minutes in one."""
    values = {"token": token_id, "start": start, "step": step}
    return [Bar(*row) for row in db.session.execute(BARS, values)]


def recent_minutes(token_id: int, now: datetime) -> list[sentiment.Bar]:
    """The minutes that sentiment looks at, and the one before them."""
    since = now - timedelta(minutes=sentiment.MINUTES + 1)
    columns = Candle.minute, Candle.close, Candle.high, Candle.low, Candle.volume, Candle.bought, Candle.sold
    found = select(*columns).where(Candle.token_id == token_id, Candle.minute >= since).order_by(Candle.minute)
    return [sentiment.Bar(int(row.minute.timestamp()) // 60, *row[1:]) for row in db.session.execute(found)]


def last_told(token_id: int, now: datetime) -> Sequence[Told]:
    """The last price of every source that told one in the last ten minutes."""
    values = {"feed": LIVE_FEED, "token": token_id, "since": now - SOURCES_BACK}
    return [Told(*row) for row in db.session.execute(TOLD, values)]


def gaps(token_id: int, now: datetime) -> Sequence[Gap]:
    """The newest gaps of the last hour; one that has not ended yet ends now."""
    values = {
        "feed": LIVE_FEED, "token": token_id, "since": now - GAPS_BACK, "now": now, "longest": MAX_AGE,
        "limit": GAPS_SHOWN,
    }  # fmt: skip
    return [Gap(*row) for row in db.session.execute(GAPS, values)]
