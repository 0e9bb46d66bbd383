"""The hot wallet's own statement: what left it for good, whoever asked for it."""

import re
from datetime import UTC, datetime
from typing import Any

from app.core.asking import Unreachable
from app.core.solana import FINALIZED, Node
from app.payouts.wallets.port import Movement

PAGE = 1000
REMEMBERED = 20_000
WHOLE = {"encoding": "json", "maxSupportedTransactionVersion": 0} | FINALIZED


class Statement:
    """Finalized transactions never change, so each is read once: strangers may send dust as often as they like."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._read: dict[str, Movement | None] = {}

    def after(self, node: Node, since: str | None) -> list[Movement]:
        if len(self._read) > REMEMBERED:
            self._read.clear()
        moved = (self._movement(node, row) for row in reversed(self._listed(node, since)))
        return [movement for movement in moved if movement is not None]

    def _listed(self, node: Node, since: str | None) -> list[dict[str, Any]]:
        """Newest first, as nodes give them."""
        listed: list[dict[str, Any]] = []
        until = {"until": since} if since else {}
        while True:
            before = {"before": listed[-1]["signature"]} if listed else {}
            page = node.call("getSignaturesForAddress", self._address, {"limit": PAGE} | until | before | FINALIZED)
            listed += page
            if len(page) < PAGE:
                return listed

    def _movement(self, node: Node, row: dict[str, Any]) -> Movement | None:
        signature = row["signature"]
        if signature not in self._read:
            found = node.call("getTransaction", signature, WHOLE)
            if found is None:
                raise Unreachable(f"{node.name} lists {signature} and does not have it: nothing after it can be told.")
            self._read[signature] = self._told(row, found)
        return self._read[signature]

    def _told(self, row: dict[str, Any], found: dict[str, Any]) -> Movement | None:
        keys, meta = found["transaction"]["message"]["accountKeys"], found["meta"]
        if self._address not in keys:
            return None
        mine = keys.index(self._address)
        left = int(meta["preBalances"][mine]) - int(meta["postBalances"][mine])
        fee = int(meta["fee"]) if mine == 0 else 0
        at = datetime.fromtimestamp(found["blockTime"], UTC)
        return Movement(row["signature"], left, fee, _memo(row.get("memo")), at) if left > 0 else None


def _memo(text: str | None) -> str:
    """Nodes write a memo's length before it: "[3] 7:1"."""
    return re.sub(r"^\[\d+\] ", "", text or "")
