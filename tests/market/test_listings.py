"""What sources call our tokens."""

from dataclasses import asdict

import orjson
import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.audit.rules import Actor
from app.core.errors import Refusal
from app.core.extensions import db, valkey
from app.market.models import Token
from app.market.queries.listings import Listing, addressed_tokens, listed_tokens
from app.market.queries.source_states import KEY, SourceState
from app.market.service import NewToken, admit_tokens
from app.market.service.listings import list_token
from tests.contests.bundles import BONK, SOL

BY = Actor("system", "test", "Test")


@pytest.fixture
def known(session: Session) -> Session:
    admit_tokens([NewToken(SOL, "SOL", "Solana", 9), NewToken(BONK, "BONK", "Bonk", 5)], reason="test")
    session.commit()
    return session


def test_a_token_is_listed_and_recorded(known: Session) -> None:
    assert list_token("coinbase", "SOL-USD", SOL, by=BY) is None
    assert Listing("SOL-USD", SOL, "SOL") in listed_tokens("coinbase")
    entry = known.scalars(select(AuditEntry).where(AuditEntry.action == "market:listing:set")).one()
    assert entry.after == {"source": "coinbase", "name": "SOL-USD"}


def test_another_name_replaces_the_first(known: Session) -> None:
    list_token("coinbase", "SOL-USD", SOL, by=BY)
    assert list_token("coinbase", "SOL-USDC", SOL, by=BY) == "SOL-USD"
    assert [one.name for one in listed_tokens("coinbase") if one.mint == SOL] == ["SOL-USDC"]


def test_one_name_means_one_token(known: Session) -> None:
    list_token("coinbase", "SOL-USD", SOL, by=BY)
    with pytest.raises(Refusal, match="already calls SOL SOL-USD"):
        list_token("coinbase", "SOL-USD", BONK, by=BY)


@pytest.mark.parametrize(("source", "name"), [("Coin Base", "X"), ("coinbase", "two words"), ("coinbase", "")])
def test_names_without_spaces_only(known: Session, source: str, name: str) -> None:
    with pytest.raises(Refusal, match="without spaces"):
        list_token(source, name, SOL, by=BY)


def test_an_unknown_mint_is_refused(known: Session) -> None:
    with pytest.raises(Refusal, match="No token has the mint"):
        list_token("coinbase", "X-USD", "1" * 32, by=BY)


def test_a_source_that_knows_mints_needs_no_listing(known: Session) -> None:
    list_token("jupiter", "OtherMint", BONK, by=BY)
    names = {one.mint: one.name for one in addressed_tokens("jupiter")}
    assert (names[SOL], names[BONK]) == (SOL, "OtherMint")


def test_suspended_tokens_are_not_asked_for(known: Session) -> None:
    list_token("coinbase", "SOL-USD", SOL, by=BY)
    known.execute(
        update(Token).where(Token.mint == SOL).values(state="suspended", inactive_from="2026-01-01T00:00:00Z")
    )
    known.commit()
    assert SOL not in {one.mint for one in (*listed_tokens("coinbase"), *addressed_tokens("jupiter"))}


def test_from_the_command_line(committing: Flask) -> None:
    with committing.app_context():
        admit_tokens([NewToken(SOL, "SOL", "Solana", 9)], reason="test")
        db.session.commit()
        db.session.remove()
    run = committing.test_cli_runner()
    done = run.invoke(args=["market", "list-token", "pyth", "ef0d", SOL])
    assert (done.exit_code, done.output) == (0, f"pyth calls {SOL} ef0d.\n")
    assert run.invoke(args=["market", "list-token", "pyth", "ef0d", BONK]).exit_code == 1


def test_how_sources_do_is_told(committing: Flask) -> None:
    state = SourceState("pyth", "waiting", 1200, {"too_uncertain": 3}, 1, 1_000_000, "answers 500", 3_000_000)
    with committing.app_context():
        valkey().set(KEY, orjson.dumps([asdict(state)]), ex=60)
    done = committing.test_cli_runner().invoke(args=["market", "sources"])
    assert done.output == (
        "pyth: waiting, 1,200 ticks, last 00:00:01, 3 too_uncertain, last trouble: answers 500, next try 00:00:03\n"
    )
