from app.market.models.listing import Listing
from app.market.models.pause import TokenPause
from app.market.models.prices import EPOCHS, Candle, LatestPrice, MarketPosition
from app.market.models.ticks import Feed, Tick
from app.market.models.token import Token

__all__ = ["EPOCHS", "Candle", "Feed", "LatestPrice", "Listing", "MarketPosition", "Tick", "Token", "TokenPause"]
