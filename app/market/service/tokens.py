"""Tokens that come with something larger: the caller commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_new

from app.core.errors import Refusal
from app.core.extensions import db
from app.market.models import Token, TokenPause


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


class TokenKnown(Refusal):
    def __init__(self, mint: str) -> None:
        super().__init__(f"We have the token {mint} already.", "Look at the page of the token.")


def list_token(token: NewToken, *, reason: str, now: datetime) -> int:
    """Makes a new token active from now on; its id."""
    wanted = insert_new(Token).values(**vars(token), reason=reason, active_from=now).on_conflict_do_nothing()
    made: int | None = db.session.execute(wanted.returning(Token.id)).scalar_one_or_none()
    if made is None:
        raise TokenKnown(token.mint)
    return made


def hold_token(mint: str) -> Token | None:
    """The token, locked until the commit."""
    wanted = select(Token).where(Token.mint == mint).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(wanted).one_or_none()


def change_state(token: Token, state: str, *, reason: str, now: datetime) -> None:
    """Of a locked token. When it becomes active again, the stretch in which it was not is kept."""
    if state == "active" and token.inactive_from is not None and token.inactive_from < now:
        db.session.add(TokenPause(token_id=token.id, from_at=token.inactive_from, until_at=now))
    token.inactive_from = None if state == "active" else token.inactive_from or now
    token.state, token.reason = state, reason
