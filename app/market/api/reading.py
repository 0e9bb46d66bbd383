"""Prices as the market knows them now, and the minutes they came from."""

from typing import Any

from app.core.access import allow_client
from app.core.api.operations import operation
from app.core.limits import limit
from app.market.api import bp
from app.market.api.answers import Candles, CandlesAsked, Prices, PricesAsked, PriceShown
from app.market.api.pushing import MARKET_RATE
from app.market.queries.told import candle_documents, price_document, price_documents


@bp.get("")
@allow_client("market:prices:read")
@limit(MARKET_RATE)
@operation(Prices, asks=PricesAsked)
def prices(asked: PricesAsked) -> dict[str, Any]:
    """Lists the consolidated price of every active token."""
    return price_documents(asked.place(parts=1), asked.limit)


@bp.get("/<mint>")
@allow_client("market:prices:read")
@limit(MARKET_RATE)
@operation(PriceShown)
def price(mint: str) -> dict[str, Any]:
    """Reads the consolidated price of a token, whatever its state."""
    return price_document(mint)


@bp.get("/<mint>/candles")
@allow_client("market:prices:read")
@limit(MARKET_RATE)
@operation(Candles, asks=CandlesAsked)
def candles(mint: str, asked: CandlesAsked) -> dict[str, Any]:
    """Lists the minutes of a token, the newest first; those without a price are left out."""
    return candle_documents(mint, asked.place(parts=1), asked.limit)
