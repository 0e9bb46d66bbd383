"""The evidence card of a token: from the chain over HTTP, from its names, and from the tokens there are."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from solders.keypair import Keypair
from sqlalchemy.orm import Session

from app.core.extensions import db
from app.market.models import Token
from app.whitelist.chain.accounts import Account
from app.whitelist.rules.findings import told_once
from tests.whitelist import minting
from tests.whitelist.minting import CLASSIC, TOKEN_2022, made
from tests.whitelist.node import serving, told

MINT = str(Keypair.from_seed(b"m" * 32).pubkey())
OTHER = str(Keypair.from_seed(b"o" * 32).pubkey())


@pytest.fixture
def card(committing_app: Callable[..., Flask]) -> Callable[..., dict[str, dict[str, str]]]:
    """What `flask whitelist check` prints, by check; other tokens may be there, and a node."""

    def look(*names: str, node: str = "", others: tuple[Token, ...] = ()) -> dict[str, dict[str, str]]:
        app = committing_app(solana_rpc_urls=node)
        with app.app_context(), Session(db.engine, expire_on_commit=False) as session, session.begin():
            session.add_all(others)
        symbol, name = names or ("CAT", "Cat")
        command = ["whitelist", "check", MINT, "--symbol", symbol, "--name", name, "--json"]
        answer = app.test_cli_runner().invoke(args=command)
        lines = json.loads(answer.stdout)
        assert answer.exit_code == any(line["verdict"] == "fail" for line in lines)
        return {line["check"]: line for line in lines}

    return look


def token(symbol: str, name: str, mint: str = OTHER, **facts: Any) -> Token:
    return Token(mint=mint, symbol=symbol, name=name, decimals=6, reason="A token of these tests", **facts)


def test_without_a_node_everything_of_the_chain_is_unknown(card: Any) -> None:
    lines = card()
    unknown = {check for check, line in lines.items() if line["verdict"] == "unknown"}
    of_the_chain = {"account", "decimals", "supply", "mint_authority", "freeze_authority"}
    assert unknown == of_the_chain | {
        "market_cap", "volume_24h", "liquidity", "age", "holders", "top_ten", "feed",
    }  # fmt: skip
    assert "SOLANA_RPC_URLS" in lines["supply"]["value"]


def test_a_node_tells_the_mint(card: Any) -> None:
    with serving({MINT: told(made(TOKEN_2022, minting.PERMANENT_DELEGATE))}) as node:
        lines = card(node=node)
    assert lines["account"]["value"] == "mint of Token-2022"
    assert (lines["decimals"]["verdict"], lines["supply"]["verdict"]) == ("pass", "fail")
    assert (lines["mint_authority"]["verdict"], lines["extension:12"]["verdict"]) == ("warn", "fail")


@pytest.mark.parametrize(
    ("result", "verdict", "words"),
    [
        ({"value": None}, "fail", "there is no account"),
        (told(Account(str(CLASSIC), bytes(165))), "fail", "165 bytes"),
        ({"value": {"owner": str(CLASSIC), "data": ["%%%", "base64"]}}, "unknown", "in no form that we know"),
        ({"value": {"owner": str(CLASSIC), "data": ["", "zstd"]}}, "unknown", "in no form that we know"),
        ("soon", "unknown", "in no form that we know"),
    ],
)
def test_other_answers_of_a_node(card: Any, result: Any, verdict: str, words: str) -> None:
    with serving({MINT: result}) as node:
        line = card(node=node)["account"]
    assert line["verdict"] == verdict
    assert words in line["value"]


def test_a_node_that_is_away_makes_lines_unknown(card: Any) -> None:
    assert card(node="http://127.0.0.1:1")["account"]["verdict"] == "unknown"


@pytest.mark.parametrize(
    ("other", "check", "verdict"),
    [
        (token("CAT", "Dog"), "duplicate_symbol", "warn"),
        (token("C4T", "Cat"), "look_alike", "warn"),
        (token("DOG", "\u0421at"), "look_alike", "warn"),
        (token("DOG", "Dog", MINT), "duplicate_mint", "fail"),
        (token("DOG", "Dog"), "conflicts", "pass"),
    ],
)
def test_tokens_in_the_way_are_shown_with_their_mint(card: Any, other: Token, check: str, verdict: str) -> None:
    line = card(others=(other,))[check]
    assert line["verdict"] == verdict
    assert verdict == "pass" or other.mint in line["value"]


@pytest.mark.parametrize(("names", "check"), [(("$CAT", "Cat"), "symbol"), (("CAT", "C\u0430t"), "name")])
def test_names_that_are_none_fail(card: Any, names: tuple[str, str], check: str) -> None:
    assert card(*names)[check]["verdict"] == "fail"


def test_what_is_no_address_is_refused(app: Flask) -> None:
    command = ["whitelist", "check", "0OIl", "--symbol", "CAT", "--name", "Cat"]
    answer = app.test_cli_runner().invoke(args=command)
    assert (answer.exit_code, "0OIl is no Solana address." in answer.stderr) == (1, True)


def test_checks_with_one_answer_are_one_row_on_the_screen() -> None:
    """Meant to fail when what differs is told as one."""
    at = {"read_at": "2026-11-28T12:00:00+00:00", "source": "chain", "threshold": "to be read"}
    away = {"verdict": "unknown", "value": "No node is set.", **at}
    lines = [{"check": "account", **away}, {"check": "supply", **away}, {"check": "holders", **away, "value": "7"}]
    assert [names for names, _ in told_once(lines)] == [["account", "supply"], ["holders"]]
