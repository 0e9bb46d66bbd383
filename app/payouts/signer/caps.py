"""How much the signer lets leave: for one transaction, in any hour, in any day. It counts what it signed itself."""

from dataclasses import dataclass

from app.core.money import sol
from app.payouts.signer.memory import Memory
from app.payouts.wallets.port import NotSigned, Order

HOUR_S = 3600
DAY_S = 24 * HOUR_S


@dataclass(frozen=True)
class Caps:
    """In lamports."""

    transaction: int
    hour: int
    day: int


def ensure_within(caps: Caps, order: Order, memory: Memory, now: int) -> None:
    """Raises NotSigned when this order would pass one of them. What is known never to land no longer counts."""
    if order.lamports > caps.transaction:
        raise NotSigned(
            f"Batch {order.batch} moves {sol(order.lamports)} SOL, more than the {sol(caps.transaction)} SOL "
            "that one transaction may.",
            "Cancel it and propose smaller batches, or raise PAYOUT_TRANSACTION_CAP_LAMPORTS for the signer.",
        )
    _ensure(order, memory.left_since(now - HOUR_S), caps.hour, "hour", "PAYOUT_HOURLY_CAP_LAMPORTS")
    _ensure(order, memory.left_since(now - DAY_S), caps.day, "day", "PAYOUT_DAILY_CAP_LAMPORTS")


def _ensure(order: Order, left: int, cap: int, period: str, setting: str) -> None:
    if left + order.lamports > cap:
        would = f"With batch {order.batch}, {sol(left + order.lamports)} SOL would leave within one {period}"
        raise NotSigned(f"{would}; the signer's cap is {sol(cap)} SOL.", f"Wait, or raise {setting} for the signer.")
