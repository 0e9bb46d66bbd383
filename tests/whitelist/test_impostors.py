"""Seventeen spellings of SOL are refused or shown to a reviewer, and a token of its own is not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.core.clock import database_now
from app.core.lookalikes import scripts
from app.market.models import Token
from app.whitelist.rules.findings import CHAIN, found
from app.whitelist.rules.names import UNSEEN, name_problem
from app.whitelist.service.checking import Candidate, check
from tests.whitelist.desk import GOOD, mint_of

SPELLINGS = (
    "SOL", "sol", "S0L", "5OL", "$OL", "SO1", "SOI", "S\u041eL", "\u0405OL", "S\u039fL", "\uff33\uff2f\uff2c",
    "S\u200bOL", "SOL\u200d", "S\u00d6L", "SO\u0406", "\U0001d412OL", "S\u24c4L",
)  # fmt: skip


@pytest.fixture
def sol(session: Session) -> None:
    session.add(Token(mint=mint_of("SOL"), symbol="SOL", name="Solana", decimals=9, reason="A token of these tests"))
    session.flush()


def verdicts(symbol: str) -> set[str]:
    candidate = Candidate(mint_of("another"), symbol, "Another one")
    now = database_now()
    told = found(GOOD, source=CHAIN, read_at=now)
    return {line.verdict for line in check(candidate, told, now=now).findings}


@pytest.mark.usefixtures("sol")
@pytest.mark.parametrize("symbol", SPELLINGS)
def test_a_spelling_of_sol_is_caught(symbol: str) -> None:
    assert verdicts(symbol) & {"warn", "fail"}


@pytest.mark.usefixtures("sol")
def test_bonk_is_not() -> None:
    assert verdicts("BONK") == {"pass"}


@given(st.text(max_size=40))
def test_a_name_that_is_taken_hides_nothing(name: str) -> None:
    if name_problem(name, scripts(name)) is None:
        assert len(name) <= 32
        assert not {unicodedata.category(character) for character in name} & UNSEEN
