"""Tokens for the search: by mint or symbol. There are thousands at most, so no index of its own serves it."""

from typing import Any

from sqlalchemy import Select, and_, func, or_

from app.core.finding import MOST, SHORTEST_BEGINNING, SHORTEST_PIECE, Wanted, answers, begins
from app.market.models import Token


def tokens_found(wanted: Wanted) -> Select[Any]:
    symbol = wanted.text.removeprefix("$").upper()
    is_exact = or_(Token.mint == wanted.text, func.upper(Token.symbol) == symbol)
    matching = [is_exact]
    if wanted.start:
        matching.append(and_(begins(Token.mint, wanted.start), Token.mint.endswith(wanted.end)))
    elif wanted.is_base58 and len(wanted.text) >= SHORTEST_PIECE:
        matching += [begins(Token.mint, wanted.text), Token.mint.endswith(wanted.text)]
    if len(symbol) >= SHORTEST_BEGINNING:
        matching += [begins(func.upper(Token.symbol), symbol), begins(func.upper(Token.name), symbol)]
    found = answers("token", key=Token.mint, name=Token.symbol, detail=Token.name, is_exact=is_exact)
    return found.where(or_(*matching)).order_by(is_exact.desc(), Token.symbol, Token.mint).limit(MOST)
