"""The chain as Solana nodes tell it."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.core.asking import Unreachable
from app.core.solana import FINALIZED, Node, ask_any
from app.whitelist.chain.accounts import Account

BASE64 = {"encoding": "base64"} | FINALIZED


@dataclass(frozen=True)
class NodesChain:
    """The first node that answers is believed; without any, everything about a token is unknown."""

    nodes: Sequence[Node]

    def account(self, mint: str) -> Account | None:
        return ask_any(self.nodes, lambda node: _account(node, node.call("getAccountInfo", mint, BASE64)))


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
