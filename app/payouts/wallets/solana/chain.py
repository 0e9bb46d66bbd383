"""What we ask of the chain before signing: nothing about fees, rent or balances is assumed."""

import base64
import time
from collections.abc import Iterable, Sequence
from typing import Any

from app.core.solana import FINALIZED, Node, ask_any
from app.payouts.wallets.solana.recipients import Found

RENT_KEPT_S = 3600


class Chain:
    """The nodes together. Rent changes a few times in a chain's life, so its answer is kept for up to an hour."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = tuple(nodes)
        self._rent: tuple[int, int] | None = None

    def any(self, method: str, *params: Any) -> Any:
        return ask_any(self.nodes, lambda node: node.call(method, *params))

    def rent_exempt(self) -> int:
        """The least a wallet may hold, in lamports."""
        now = int(time.monotonic())
        if self._rent is None or now - self._rent[1] >= RENT_KEPT_S:
            self._rent = (int(self.any("getMinimumBalanceForRentExemption", 0)), now)
        return self._rent[0]

    def accounts(self, addresses: Iterable[str]) -> dict[str, Found]:
        asked = sorted(set(addresses))
        options = {"encoding": "base64", "dataSlice": {"offset": 0, "length": 0}} | FINALIZED
        answer = self.any("getMultipleAccounts", asked, options)
        return {address: Found.of(account) for address, account in zip(asked, answer["value"], strict=True)}

    def balance(self, address: str) -> int:
        return int(self.any("getBalance", address, FINALIZED)["value"])

    def blockhash(self) -> tuple[str, int]:
        """A recent blockhash, and the last block height at which what is signed with it may land."""
        value = self.any("getLatestBlockhash", FINALIZED)["value"]
        return str(value["blockhash"]), int(value["lastValidBlockHeight"])

    def fee(self, message: bytes) -> int | None:
        """What the network takes for this message, in lamports; None when its blockhash is no longer known."""
        value = self.any("getFeeForMessage", base64.b64encode(message).decode(), {"commitment": "processed"})["value"]
        return None if value is None else int(value)

    def priority_fees(self, writable: Sequence[str]) -> list[int]:
        """What others paid lately to write these accounts, micro-lamports for a compute unit."""
        recent = self.any("getRecentPrioritizationFees", list(writable))
        return sorted(int(row["prioritizationFee"]) for row in recent)

    def simulated(self, wire: bytes) -> dict[str, Any]:
        """What would happen now: `err`, `unitsConsumed`. No signature is needed, and any blockhash will do."""
        options = {"encoding": "base64", "sigVerify": False, "replaceRecentBlockhash": True} | FINALIZED
        value: dict[str, Any] = self.any("simulateTransaction", base64.b64encode(wire).decode(), options)["value"]
        return value
