"""The table of the market: every active token with where it stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from app.core.extensions import db
from app.market.models import Token
from app.market.queries.latest import Quote

MOST = 1000
"""Tokens of one table; a search finds the others."""
DEFAULT_ORDER = "-volume"


@dataclass(frozen=True)
class Listed:
    id: int
    mint: str
    symbol: str
    name: str
    quote: Quote | None


@dataclass(frozen=True)
class TokenList:
    """`active` counts all active tokens, `found` those that match the search."""

    rows: Sequence[Listed]
    found: int
    active: int


COLUMNS: Mapping[str, Callable[[Quote], Any]] = {
    "price": lambda quote: quote.price,
    "m1": lambda quote: quote.m1_bps,
    "h1": lambda quote: quote.h1_bps,
    "d1": lambda quote: quote.d1_bps,
    "volume": lambda quote: quote.traded_24h,
    "high": lambda quote: quote.high_24h,
    "low": lambda quote: quote.low_24h,
    "spread": lambda quote: quote.spread_bps,
    "at": lambda quote: quote.at,
}


def token_list(q: str, order: str, quotes: Mapping[int, Quote]) -> TokenList:
    """Tokens whose symbol, name or mint holds `q`. `order` is a column, with a minus for the largest first."""
    matches = or_(*(column.icontains(q, autoescape=True) for column in (Token.symbol, Token.name, Token.mint)))
    counted = func.count().filter(matches).over(), func.count().over()
    numbered = (
        select(Token.id, Token.mint, Token.symbol, Token.name, matches.label("matches"), *counted)
        .where(Token.state == "active")
        .order_by(matches.desc(), func.lower(Token.symbol), Token.id)
        .limit(MOST)
    )
    read = db.session.execute(numbered).all()
    rows = [Listed(row.id, row.mint, row.symbol, row.name, quotes.get(row.id)) for row in read if row.matches]
    return TokenList(ordered(rows, order), read[0][5] if read else 0, read[0][6] if read else 0)


def ordered(rows: Sequence[Listed], order: str) -> list[Listed]:
    """Rows come in the order of their symbols; those without a value stand last either way."""
    column = COLUMNS.get(order.removeprefix("-"))
    if column is None:
        return list(reversed(rows)) if order == "-token" else list(rows)
    valued = [(column(row.quote), row) for row in rows if row.quote and column(row.quote) is not None]
    known = {row.id for _, row in valued}
    valued.sort(key=lambda pair: pair[0], reverse=order.startswith("-"))
    return [row for _, row in valued] + [row for row in rows if row.id not in known]
