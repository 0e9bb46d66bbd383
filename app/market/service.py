"""Commands of the market that are part of a larger one: the caller commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from sqlalchemy import Select, insert, literal, select
from sqlalchemy.dialects.postgresql import insert as insert_new

from app.core.extensions import db
from app.market.models import Feed, Tick, Token

Ticks: TypeAlias = Select[tuple[int, str, str, Decimal, Decimal | None, datetime]]
"""A selection of position, mint, source, price, volume, at."""


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


def open_feed(name: str) -> int:
    """A new body of ticks, named once and for all."""
    return db.session.execute(insert(Feed).values(name=name).returning(Feed.id)).scalar_one()


def add_ticks(feed_id: int, ticks: Ticks) -> None:
    """Takes in what the selection gives, in its order; each mint must be known."""
    given = ticks.subquery()
    named = (
        select(literal(feed_id), Token.id, given.c.source, given.c.price, given.c.volume, given.c.at)
        .join_from(given, Token, Token.mint == given.c.mint)
        .order_by(given.c.position)
    )
    columns = [Tick.feed_id, Tick.token_id, Tick.source, Tick.price, Tick.volume, Tick.at]
    db.session.execute(insert(Tick).from_select(columns, named))
