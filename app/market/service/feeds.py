"""Bodies of ticks that come with something larger: the caller commits."""

from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from sqlalchemy import Select, insert, literal, select

from app.core.extensions import db
from app.market.models import Feed, Tick, Token

Ticks: TypeAlias = Select[tuple[int, str, str, Decimal, Decimal | None, datetime]]
"""A selection of position, mint, source, price, volume, at."""


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
