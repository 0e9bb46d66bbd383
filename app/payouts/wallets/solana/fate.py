"""What became of a signed transaction: landed for good, may still land, or provably never will."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog

from app.core.asking import Unreachable
from app.core.solana import FINALIZED, Node, NodeRefused, ask_any
from app.payouts.wallets.port import Expired, LandedOk, Outcome, Pending, Prepared
from app.payouts.wallets.solana.failures import explained

BLOCKHASH_LIVES = 150
"""Blocks during which a transaction may land after its blockhash was made."""
NEEDED = 2
"""Nodes that must agree that it never will, where so many are set."""
WHOLE = {"encoding": "json", "maxSupportedTransactionVersion": 0} | FINALIZED
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class View:
    """How one node sees it: first the finalized slot and height, then the status as of a slot no older than that.

    The order matters: behind one address may stand several machines, and a status from one that lags says nothing
    about the blocks that the height counts.
    """

    node: Node
    slot: int
    height: int
    status_slot: int
    status: dict[str, Any] | None

    @property
    def is_finalized(self) -> bool:
        return self.status is not None and self.status["confirmationStatus"] == "finalized"

    def proves_expiry(self, last_valid_height: int) -> bool:
        return self.status is None and self.status_slot >= self.slot and self.height > last_valid_height


def fate(nodes: Sequence[Node], prepared: Prepared) -> Outcome:
    views, silent = _views(nodes, prepared.reference)
    landed = next((view for view in views if view.is_finalized), None)
    if landed is not None and landed.status is not None:
        return _landed(nodes, prepared, landed.status["err"])
    seen = next((view for view in views if view.status is not None), None)
    if seen is not None and seen.status is not None:
        return Pending(f"{seen.node.name} sees it as {seen.status['confirmationStatus']}; paid means finalized.")
    return _expired(views, prepared, min(NEEDED, len(nodes))) or Pending(_waiting(views, silent, prepared))


def _views(nodes: Sequence[Node], reference: str) -> tuple[list[View], list[str]]:
    views, silent = [], []
    for node in nodes:
        try:
            views.append(_view(node, reference))
        except (Unreachable, NodeRefused) as error:
            log.warning("node gave no answer", node=node.name, reason=str(error))
            silent.append(node.name)
    return views, silent


def _view(node: Node, reference: str) -> View:
    epoch = node.call("getEpochInfo", FINALIZED)
    answer = node.call("getSignatureStatuses", [reference], {"searchTransactionHistory": True})
    return View(
        node, int(epoch["absoluteSlot"]), int(epoch["blockHeight"]), int(answer["context"]["slot"]), answer["value"][0]
    )


def _landed(nodes: Sequence[Node], prepared: Prepared, error: Any) -> Outcome:
    try:
        found = ask_any(nodes, lambda node: _transaction(node, prepared.reference))
    except Unreachable:
        return Pending("It is finalized; no node has told its fee and time yet.")
    fee = int(found["meta"]["fee"])
    if error is not None:
        return explained(error, prepared.wire, fee_lamports=fee)
    return LandedOk(fee, datetime.fromtimestamp(found["blockTime"], UTC))


def _transaction(node: Node, reference: str) -> dict[str, Any]:
    found = node.call("getTransaction", reference, WHOLE)
    if not found or not found.get("blockTime"):
        raise Unreachable(f"{node.name} does not have the transaction yet.")
    return dict(found)


def _expired(views: Sequence[View], prepared: Prepared, needed: int) -> Expired | None:
    last = prepared.last_valid_height
    if last is None:
        return None
    agreeing = [view for view in views if view.proves_expiry(last) and _remembers(view.node, last)]
    if len(agreeing) < needed:
        return None
    said = [
        {"node": view.node.name, "finalized_slot": view.slot, "finalized_height": view.height,
         "no_status_at_slot": view.status_slot}
        for view in agreeing
    ]  # fmt: skip
    lowest = min(view.height for view in agreeing)
    names = ", ".join(view.node.name for view in agreeing)
    return Expired({"finalized_height": lowest, "last_valid_height": last, "said_by": names, "nodes": said})


def _remembers(node: Node, last_valid_height: int) -> bool:
    """Whether the node still has every block the transaction could be in: one that forgot them has no status either."""
    try:
        first = int(node.call("getFirstAvailableBlock"))
        if first == 0:
            return True
        block = node.call("getBlock", first, {"transactionDetails": "none", "rewards": False} | WHOLE)
        return int(block["blockHeight"]) <= last_valid_height - BLOCKHASH_LIVES
    except (Unreachable, NodeRefused, TypeError) as error:
        log.warning("node does not say how far back it remembers", node=node.name, reason=str(error))
        return False


def _waiting(views: Sequence[View], silent: Sequence[str], prepared: Prepared) -> str:
    if silent:
        return f"No node has seen it; no answer from {', '.join(silent)}."
    last = prepared.last_valid_height or 0
    left = last - min(view.height for view in views)
    if left >= 0:
        return f"No node has seen it; it may land during {left + 1} more blocks."
    return "No node has seen it and its time is over; the proof that it can never land is still missing."
