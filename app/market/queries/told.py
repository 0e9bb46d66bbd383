"""Prices and candles as programs read them. Numbers are exact, as text."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.core.errors import Refusal
from app.core.extensions import db
from app.core.formats import utc
from app.core.money import plain
from app.core.paging import Place, microseconds, moment, page
from app.market.models import Candle, Token
from app.market.queries.halt import halt
from app.market.queries.latest import Quote, latest_rows

NUMBERS = ("open", "high", "low", "close", "volume")


class NoSuchToken(Refusal):
    def __init__(self, mint: str) -> None:
        super().__init__(f"There is no token {mint[:44]}.", "Check the mint.", status=404)


def price_documents(at: Place, size: int) -> dict[str, Any]:
    """By token, in the order they became known."""
    wanted = select(Token.id, Token.mint, Token.symbol).where(Token.state == "active").limit(size + 1)
    wanted = wanted.order_by(Token.id.desc() if at.backwards else Token.id)
    if at.key:
        wanted = wanted.where(Token.id < at.key[0] if at.backwards else Token.id > at.key[0])
    found = page(db.session.execute(wanted).all(), at, size, lambda row: (row.id,))
    latest, stopped = latest_rows(), halt()
    return {
        "prices": [_price(row.mint, row.symbol, latest.quotes.get(row.id)) for row in found.rows],
        "at": None if latest.at is None else utc(latest.at, "iso"),
        "halted": None if stopped is None else stopped.why,
        "after": found.after,
        "before": found.before,
    }


def price_document(mint: str) -> dict[str, Any]:
    token = _token(mint)
    return _price(token.mint, token.symbol, latest_rows().quotes.get(token.id))


def candle_documents(mint: str, at: Place, size: int) -> dict[str, Any]:
    """The newest first."""
    order = Candle.minute.asc() if at.backwards else Candle.minute.desc()
    wanted = select(Candle).where(Candle.token_id == _token(mint).id).order_by(order).limit(size + 1)
    if at.key:
        here = moment(at.key[0])
        wanted = wanted.where(Candle.minute > here if at.backwards else Candle.minute < here)
    found = page(db.session.scalars(wanted).all(), at, size, lambda row: (microseconds(row.minute),))
    return {"candles": [_candle(row) for row in found.rows], "after": found.after, "before": found.before}


def _token(mint: str) -> Any:
    row = db.session.execute(select(Token.id, Token.mint, Token.symbol).where(Token.mint == mint)).one_or_none()
    if row is None:
        raise NoSuchToken(mint)
    return row


def _candle(row: Candle) -> dict[str, Any]:
    return {"minute": utc(row.minute, "iso")} | {name: plain(getattr(row, name)) for name in NUMBERS}


def _price(mint: str, symbol: str, quote: Quote | None) -> dict[str, Any]:
    of = (lambda _name: None) if quote is None else lambda name: getattr(quote, name)
    return {
        "mint": mint, "symbol": symbol, "price": _plain(of("price")),
        "at": None if quote is None else utc(quote.at, "iso"),
        "change_1m_bps": of("m1_bps"), "change_1h_bps": of("h1_bps"), "change_24h_bps": of("d1_bps"),
        "volume_24h": _plain(of("volume_24h")), "high_24h": _plain(of("high_24h")), "low_24h": _plain(of("low_24h")),
        "fresh_sources": of("fresh_sources"), "spread_bps": of("spread_bps"),
    }  # fmt: skip



def _plain(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)
