"""A transaction of plain transfers: compute budget, up to 19 transfers, a memo. It lands whole or not at all."""

from solders.compute_budget import set_compute_unit_limit, set_compute_unit_price
from solders.hash import Hash
from solders.instruction import Instruction
from solders.message import Message
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer

from app.payouts.wallets.port import Order

MAX_TRANSFERS = 19
"""What fits into 1,232 bytes beside two instructions of compute budget and a memo."""
BEFORE_TRANSFERS = 2
"""Instructions that stand before the first transfer."""
MEMO = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr"
MOST_UNITS = 200_000
"""Far above what 19 transfers and a memo take; only the simulation runs with it."""


def message(order: Order, *, payer: str, blockhash: str, units: int, micro_lamports: int) -> Message:
    key = Pubkey.from_string(payer)
    transfers = [
        transfer(TransferParams(from_pubkey=key, to_pubkey=Pubkey.from_string(line.address), lamports=line.lamports))
        for line in order.transfers
    ]
    memo = Instruction(Pubkey.from_string(MEMO), order.memo.encode("ascii"), [])
    budget = [set_compute_unit_limit(units), set_compute_unit_price(micro_lamports)]
    return Message.new_with_blockhash([*budget, *transfers, memo], key, Hash.from_string(blockhash))


def unit_limit(consumed: int) -> int:
    """A fifth more than the simulation took: unused units are paid for all the same."""
    return consumed + -(-consumed // 5)


def unit_price(recent: list[int], *, attempt: int, cap: int) -> int:
    """Three quarters of recent payers paid no more; each further attempt may double it, up to the cap."""
    quartile = recent[(len(recent) * 3 - 1) // 4] if recent else 0
    return min(quartile << min(attempt - 1, 10), cap)
