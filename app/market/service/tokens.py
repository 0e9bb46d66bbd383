"""Tokens that come with something larger: the caller commits."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import insert as insert_new

from app.core.extensions import db
from app.market.models import Token


@dataclass(frozen=True)
class NewToken:
    mint: str
    symbol: str
    name: str
    decimals: int


def admit_tokens(tokens: Iterable[NewToken], *, reason: str) -> None:
    """Makes tokens we do not have active, as of always; those we have stay as they are."""
    rows = [{**vars(token), "reason": reason} for token in sorted(tokens, key=lambda token: token.mint)]
    if rows:
        db.session.execute(insert_new(Token).on_conflict_do_nothing(index_elements=[Token.mint]), rows)
