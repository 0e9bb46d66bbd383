"""Tokens and feeds that come with something larger."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.market.models import Feed, Token
from app.market.queries import known_tokens
from app.market.service import NewToken, admit_tokens, open_feed
from tests.contests.bundles import BONK, SOL


def test_a_new_token_is_active(session: Session) -> None:
    admit_tokens([NewToken(SOL, "SOL", "Solana", 9)], reason="test")
    assert [(token.symbol, token.state) for token in known_tokens([SOL, BONK]).values()] == [("SOL", "active")]


def test_a_known_token_stays_as_it_is(session: Session) -> None:
    session.add(Token(mint=SOL, symbol="SOL", name="Solana", decimals=9, state="suspended", reason="first",
                      active_from="2026-01-01T00:00:00Z", inactive_from="2026-02-01T00:00:00Z"))  # fmt: skip
    session.flush()
    admit_tokens([NewToken(SOL, "OTHER", "Other", 6)], reason="second")
    kept = session.scalars(select(Token)).one()
    assert (kept.symbol, kept.decimals, kept.state, kept.reason) == ("SOL", 9, "suspended", "first")


@pytest.mark.usefixtures("session")
def test_no_tokens_at_all() -> None:
    admit_tokens([], reason="test")
    assert known_tokens([]) == {}


def test_a_feed_is_opened_once(session: Session) -> None:
    number = open_feed("contest CUP-1")
    assert session.get_one(Feed, number).name == "contest CUP-1"
    with pytest.raises(IntegrityError):
        open_feed("contest CUP-1")
