"""Batches as an engine would hand them over."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.core.extensions import db
from app.market.models import Token
from app.market.rules.batches import START, Batch, CandleBatch, CandlePart, Latest, tick_line
from app.market.rules.wire import encoded
from app.market.service import NewToken, admit_tokens

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
BONK = "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"


def a_token(mint: str = BONK, symbol: str = "BONK") -> int:
    admit_tokens([NewToken(mint, symbol, symbol.title(), 5)], reason="Listed")
    db.session.commit()
    return db.session.query(Token.id).filter_by(mint=mint).one()[0]


def us(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def line(token: int, price: str, at: datetime = NOON, *, source: str = "alpha", suspect: str = "") -> str:
    return tick_line(encoded(token, source, price, volume="", side="", at_us=us(at)), suspect)


def part(token: int, price: str, **changes: Any) -> CandlePart:
    at = Decimal(price)
    facts: dict[str, Any] = {"minute": NOON, "open": at, "high": at, "low": at, "close": at}
    facts |= {"volume": Decimal(10), "bought": Decimal(6), "sold": Decimal(4), "ticks": 1} | changes
    return CandlePart(token, **facts)


def latest(token: int, price: str, **changes: Any) -> Latest:
    at = Decimal(price)
    facts: dict[str, Any] = {
        "price": at, "at": NOON, "m1_bps": 12, "h1_bps": None, "d1_bps": -40, "volume_24h": Decimal("1.5"),
        "high_24h": at, "low_24h": at, "fresh_sources": 3, "spread_bps": 7, "mark": None,
    } | changes  # fmt: skip
    return Latest(token, **facts)


def batch(ticks: str, *, since: str = START, upto: str = "1-0", **rows: Any) -> Batch:
    return Batch(since, upto, ticks, **rows)


def candles(*parts: CandlePart, since: str = START, upto: str = "1-0") -> CandleBatch:
    return CandleBatch(since, upto, parts)
