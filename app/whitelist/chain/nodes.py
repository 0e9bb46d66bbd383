"""The chain as Solana nodes tell it."""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from solders.pubkey import Pubkey

from app.core.asking import Unreachable
from app.core.solana import FINALIZED, Node, ask_any
from app.whitelist.chain.accounts import Account
from app.whitelist.rules.holders import Counted, Holding
from app.whitelist.rules.mints import PROGRAMS

BASE64 = {"encoding": "base64"} | FINALIZED
OWNER = {"offset": 32, "length": 32}
AMOUNT = {"offset": 64, "length": 8}
"""Where a token account says whose it is, and how much it holds."""
CLASSIC_SIZE = 165
MOST_BYTES = 8_000_000
HOLDS = re.compile(rb'"data":\s*\[\s*"(?!AAAAAAAAAAA=)[A-Za-z0-9+/]{11}="')
"""An account in an answer whose amount is not zero."""


@dataclass(frozen=True)
class NodesChain:
    """The first node that answers is believed; without any, everything about a token is unknown."""

    nodes: Sequence[Node]

    def account(self, mint: str) -> Account | None:
        return ask_any(self.nodes, lambda node: _account(node, node.call("getAccountInfo", mint, BASE64)))

    def largest_holdings(self, mint: str) -> Sequence[Holding]:
        return ask_any(self.nodes, lambda node: _largest(node, mint))

    def count_holders(self, mint: str, program: str) -> Counted:
        return ask_any(self.nodes, lambda node: _counted(node, mint, program))


def _largest(node: Node, mint: str) -> list[Holding]:
    """An owner off the curve has no key: it is a program, such as a pool or a locker, or the incinerator."""
    told = node.call("getTokenLargestAccounts", mint, FINALIZED)
    try:
        amounts = {str(one["address"]): int(one["amount"]) for one in told["value"]}
        if not amounts:
            return []
        asked = node.call("getMultipleAccounts", list(amounts), BASE64 | {"dataSlice": OWNER})["value"]
        owners = [Pubkey.from_bytes(_bytes(one["data"])) for one in asked]
        pairs = zip(owners, amounts.values(), strict=True)
        return [Holding(str(owner), amount, not owner.is_on_curve()) for owner, amount in pairs]
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise Unreachable(f"{node.name} told the largest accounts in no form that we know.") from error


def _counted(node: Node, mint: str, program: str) -> Counted:
    """Of a token that very many hold only the first are counted."""
    filters: list[dict[str, Any]] = [{"memcmp": {"offset": 0, "bytes": mint}}]
    if PROGRAMS.get(program) == "SPL Token":
        filters.append({"dataSize": CLASSIC_SIZE})
    asked = BASE64 | {"dataSlice": AMOUNT, "filters": filters}
    body = node.beginning("getProgramAccounts", program, asked, at_most=MOST_BYTES)
    count = len(HOLDS.findall(body))
    if len(body) > MOST_BYTES:
        return Counted(count, is_all=False)
    try:
        told = json.loads(body)["result"]
    except (KeyError, TypeError, ValueError) as error:
        raise Unreachable(f"{node.name} does not tell who holds it.") from error
    if not isinstance(told, list) or len(told) < count:
        raise Unreachable(f"{node.name} told the holders in no form that we know.")
    return Counted(count, is_all=True)


def _account(node: Node, answer: Any) -> Account | None:
    try:
        told = answer["value"]
        return None if told is None else Account(str(told["owner"]), _bytes(told["data"]))
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise Unreachable(f"{node.name} told an account in no form that we know.") from error


def _bytes(data: Sequence[str]) -> bytes:
    text, encoding = data
    if encoding != "base64":
        raise ValueError(encoding)
    return base64.b64decode(text, validate=True)
