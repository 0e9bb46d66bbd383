"""What the market knows of tokens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Subquery, case, or_, select
from sqlalchemy.orm import Session

from app.core.extensions import db
from app.market.models import Token
from app.market.rules.ticks import TokenState


@dataclass(frozen=True)
class KnownToken:
    id: int
    mint: str
    symbol: str
    decimals: int
    state: str


def known_tokens(mints: Iterable[str]) -> dict[str, KnownToken]:
    """The tokens of these mints that we have, by mint."""
    found = select(Token.id, Token.mint, Token.symbol, Token.decimals, Token.state).where(Token.mint.in_(list(mints)))
    return {row.mint: KnownToken(*row) for row in db.session.execute(found)}


def mints_of(token_ids: Iterable[int]) -> list[str]:
    """In the order in which the tokens became known."""
    return list(db.session.scalars(select(Token.mint).where(Token.id.in_(list(token_ids))).order_by(Token.id)))


@dataclass(frozen=True)
class ActiveToken:
    mint: str
    symbol: str
    name: str


def active_tokens() -> list[ActiveToken]:
    """Every token that may be traded now, by what it is called."""
    found = select(Token.mint, Token.symbol, Token.name).where(Token.state == "active").order_by(Token.id)
    return [ActiveToken(*row) for row in db.session.execute(found)]


@dataclass(frozen=True)
class Standing:
    """Whether a token may be traded, since when, and why. `since` None: since before our records."""

    id: int
    mint: str
    symbol: str
    name: str
    decimals: int
    state: str
    since: datetime | None
    reason: str


def standings_of(mints: Iterable[str]) -> dict[str, Standing]:
    """By mint; those we do not know are missing."""
    since = case((Token.state == "active", Token.active_from), else_=Token.inactive_from)
    columns = Token.id, Token.mint, Token.symbol, Token.name, Token.decimals, Token.state, since, Token.reason
    found = db.session.execute(select(*columns).where(Token.mint.in_(list(mints))))
    return {row.mint: Standing(*row) for row in found}


def token_names() -> Subquery:
    """`id`, `symbol` and `mint` of every token, for other floors to join to; it costs nothing by itself."""
    return select(Token.id, Token.symbol, Token.mint).subquery("token_names")


def token_states() -> dict[str, TokenState]:
    """Every token by mint, in a transaction of its own: whoever asks may be in the middle of something else."""
    with Session(db.engine, join_transaction_mode="create_savepoint") as asking:
        found = asking.execute(select(Token.mint, Token.id, Token.state == "active"))
        return {mint: TokenState(number, active) for mint, number, active in found}


def active_ids() -> dict[int, str]:
    """The mint of every token that may be traded now, by the token's id."""
    found = db.session.execute(select(Token.id, Token.mint).where(Token.state == "active"))
    return {row.id: row.mint for row in found}


def listed_tokens(words: str, states: Iterable[str], limit: int = 200) -> list[Standing]:
    """Tokens in these states whose symbol, name or mint holds the words, by symbol."""
    since = case((Token.state == "active", Token.active_from), else_=Token.inactive_from)
    columns = Token.id, Token.mint, Token.symbol, Token.name, Token.decimals, Token.state, since, Token.reason
    matches = or_(*(column.icontains(words, autoescape=True) for column in (Token.symbol, Token.name, Token.mint)))
    found = select(*columns).where(Token.state.in_(list(states)), matches)
    return [Standing(*row) for row in db.session.execute(found.order_by(Token.symbol, Token.id).limit(limit))]
