"""Tokens, stored prices and candles for the pages of the market."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.market.models import Candle, LatestPrice, Token
from app.market.service.storing import make_days
from tests.contests.bundles import address


def now() -> datetime:
    return datetime.now(UTC)


def token_row(session: Session, symbol: str = "SOL", **changes: Any) -> Token:
    values = {"mint": address(f"market {symbol}"), "symbol": symbol, "name": f"{symbol} token", "decimals": 9}
    token = Token(**values | {"state": "active", "reason": "test"} | changes)
    session.add(token)
    session.flush()
    return token


def price_row(session: Session, token: Token, price: str, **changes: Any) -> None:
    values = {
        "at": now(), "m1_bps": 12, "h1_bps": -345, "d1_bps": None, "volume_24h": Decimal(1000),
        "high_24h": Decimal(price), "low_24h": Decimal(price), "fresh_sources": 3, "spread_bps": 4,
    }  # fmt: skip
    session.add(LatestPrice(token_id=token.id, price=Decimal(price), **values | changes))
    session.flush()


def candle_rows(session: Session, token: Token, *closes: str) -> None:
    """One minute each, the last one just over."""
    make_days(now())
    last = now().replace(second=0, microsecond=0)
    for number, close in enumerate(reversed(closes), 1):
        price = Decimal(close)
        session.add(
            Candle(
                token_id=token.id, minute=last - timedelta(minutes=number), open=price, high=price, low=price,
                close=price, volume=Decimal(8), bought=Decimal(6), sold=Decimal(2), ticks=3,
            )
        )  # fmt: skip
    session.flush()
