"""What programs are told of prices."""

from datetime import datetime
from typing import Annotated

from app.core.api.asked import Paged
from app.core.api.shapes import Answer, one_of, whole
from app.market.rules.ticks import REASONS


class TickNotTaken(Answer):
    """One of a call that was refused, by its place in the list that was sent."""

    index: int
    field: str
    reason: Annotated[str, one_of(REASONS)]
    detail: str


class Pushed(Answer):
    accepted: int
    refused: list[TickNotTaken]


class PriceShown(Answer):
    """Prices and volumes are exact, as text; changes and spread are in bps. Null is what nobody told yet."""

    mint: str
    symbol: str
    price: str | None
    at: datetime | None
    change_1m_bps: int | None
    change_1h_bps: int | None
    change_24h_bps: int | None
    volume_24h: str | None
    high_24h: str | None
    low_24h: str | None
    fresh_sources: int | None
    spread_bps: int | None


class Prices(Answer):
    """By token, in the order they became known. `halted` says why nothing may be decided on these prices now."""

    prices: list[PriceShown]
    at: datetime | None
    halted: str | None
    after: str | None
    before: str | None


class PricesAsked(Paged):
    limit: Annotated[int, whole(1, 1000)] = 500


class CandleShown(Answer):
    """A minute."""

    minute: datetime
    open: str
    high: str
    low: str
    close: str
    volume: str


class Candles(Answer):
    """The newest first."""

    candles: list[CandleShown]
    after: str | None
    before: str | None


class CandlesAsked(Paged):
    limit: Annotated[int, whole(1, 1440)] = 60
