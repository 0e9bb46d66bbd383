"""What sources call our tokens."""

from dataclasses import dataclass

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from app.core.extensions import db
from app.market.models import Listing as Row
from app.market.models import Token


@dataclass(frozen=True)
class Listing:
    """`name` is what the source calls the token."""

    name: str
    mint: str
    symbol: str


def listed_tokens(source: str) -> tuple[Listing, ...]:
    """The active tokens that have a name at this source."""
    named = select(Row.name, Token.mint, Token.symbol).join(Token, Token.id == Row.token_id)
    return _all(named.where(Row.source == source, Token.state == "active"))


def addressed_tokens(source: str) -> tuple[Listing, ...]:
    """Every active token, for a source that knows tokens by their mint; a listing says where it knows another one."""
    listed = and_(Row.token_id == Token.id, Row.source == source)
    named = select(func.coalesce(Row.name, Token.mint), Token.mint, Token.symbol).outerjoin_from(Token, Row, listed)
    return _all(named.where(Token.state == "active"))


def _all(named: Select[str, str, str]) -> tuple[Listing, ...]:
    """In the order in which the tokens came to us, in a transaction of its own: sources run for days."""
    with Session(db.engine, join_transaction_mode="create_savepoint") as asking:
        return tuple(Listing(name, mint, symbol) for name, mint, symbol in asking.execute(named.order_by(Token.id)))
