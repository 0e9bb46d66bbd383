"""Who holds a token, as a node tells it: counted, and the ten persons who hold most."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from app.core.asking import Unreachable
from app.core.solana import nodes
from app.whitelist.chain.nodes import MOST_BYTES, NodesChain
from app.whitelist.rules.holders import Counted, Holding, line_of_count, line_of_largest
from app.whitelist.rules.thresholds import USUAL
from tests.whitelist.minting import CLASSIC, made
from tests.whitelist.node import serving, told

MINT = str(Keypair.from_seed(b"m" * 32).pubkey())
PERSON = Keypair.from_seed(b"p" * 32).pubkey()
POOL, _ = Pubkey.find_program_address([b"pool"], CLASSIC)


def account(amount: int) -> dict[str, Any]:
    data = base64.b64encode(amount.to_bytes(8, "little")).decode()
    return {"pubkey": MINT, "account": {"data": [data, "base64"], "owner": str(CLASSIC), "space": 165}}


def largest(*held: tuple[Pubkey, int]) -> dict[str, Any]:
    owners = [{"data": [base64.b64encode(bytes(owner)).decode(), "base64"]} for owner, _ in held]
    amounts = [{"address": f"account {n}", "amount": str(amount)} for n, (_, amount) in enumerate(held)]
    return {"getTokenLargestAccounts": {"value": amounts}, "getMultipleAccounts": {"value": owners}}


def test_accounts_that_hold_something_are_counted() -> None:
    with serving({"getProgramAccounts": [account(7), account(0), account(2**40)]}) as node:
        assert NodesChain(nodes(node)).count_holders(MINT, str(CLASSIC)) == Counted(2, is_all=True)


def test_of_very_many_only_the_first_are_counted() -> None:
    some = [account(7)] * (MOST_BYTES // len(json.dumps(account(7))) + 100)
    with serving({"getProgramAccounts": some}) as node:
        counted = NodesChain(nodes(node)).count_holders(MINT, str(CLASSIC))
    assert (1000 < counted.count < len(some), counted.is_all) == (True, False)


@pytest.mark.parametrize("result", ["soon", {"value": None}, None])
def test_other_answers_are_none(result: Any) -> None:
    with serving({"getProgramAccounts": result, "getTokenLargestAccounts": result}) as node:
        chain = NodesChain(nodes(node))
        with pytest.raises(Unreachable):
            chain.count_holders(MINT, str(CLASSIC))
        with pytest.raises(Unreachable):
            chain.largest_holdings(MINT)


def test_what_lies_with_programs_is_told_apart() -> None:
    with serving(largest((POOL, 900), (PERSON, 100))) as node:
        held = NodesChain(nodes(node)).largest_holdings(MINT)
    assert held == [Holding(str(POOL), 900, is_program=True), Holding(str(PERSON), 100, is_program=False)]


@pytest.mark.parametrize(
    ("counted", "verdict"),
    [(Counted(500, True), "pass"), (Counted(499, True), "warn"), (Counted(500, False), "pass"),
     (Counted(499, False), "unknown")],
)  # fmt: skip
def test_a_count_is_judged(counted: Counted, verdict: str) -> None:
    assert line_of_count(counted, USUAL).verdict == verdict


@pytest.mark.parametrize(
    ("held", "supply", "verdict"),
    [([("a", 300), ("a", 200)], 1000, "pass"), ([("a", 300), ("a", 201)], 1000, "warn"), ([], 1000, "unknown"),
     ([("a", 1)], 0, "unknown"), ([(str(n), 60) for n in range(20)], 1200, "pass")],
)  # fmt: skip
def test_the_ten_largest_are_judged(held: list[tuple[str, int]], supply: int, verdict: str) -> None:
    holdings = [Holding(owner, amount, is_program=False) for owner, amount in held]
    assert line_of_largest(holdings, supply, USUAL).verdict == verdict


def test_both_stand_on_the_card(committing_app: Callable[..., Flask]) -> None:
    answers = {MINT: told(made(CLASSIC)), "getProgramAccounts": [account(7)], **largest((PERSON, 7))}
    with serving(answers) as node:
        command = ["whitelist", "check", MINT, "--symbol", "CAT", "--name", "Cat", "--json"]
        answer = committing_app(solana_rpc_urls=node).test_cli_runner().invoke(args=command)
    lines = {line["check"]: line for line in json.loads(answer.stdout)}
    assert (lines["holders"]["value"], lines["holders"]["verdict"]) == ("1", "warn")
    assert (lines["top_ten"]["verdict"], lines["top_ten"]["source"]) == ("unknown", "holders")
