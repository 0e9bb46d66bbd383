"""What the network's errors mean for people: whose doing, and what to do next."""

from typing import Any

from solders.pubkey import Pubkey
from solders.transaction import Transaction

from app.payouts.wallets.port import LandedErr
from app.payouts.wallets.solana.building import BEFORE_TRANSFERS

TOO_POOR = 1
"""The system program's own error: the payer has less than the transfer takes."""
LOOK_CLOSER = "Look the signature up in an explorer; nothing was paid, so the batch can be retried once this is clear."


def explained(error: Any, wire: bytes, *, fee_lamports: int = 0) -> LandedErr:
    """`error` as nodes write it: a word, or a word with details."""
    message = Transaction.from_bytes(wire).message
    if isinstance(error, dict) and "InsufficientFundsForRent" in error:
        key = message.account_keys[error["InsufficientFundsForRent"]["account_index"]]
        return _below_rent(key, key == message.account_keys[0], fee_lamports)
    if isinstance(error, dict) and "InstructionError" in error:
        index, detail = error["InstructionError"]
        if detail == {"Custom": TOO_POOR}:
            return _hot_wallet_empty(fee_lamports)
        address = _recipient(message.instructions, message.account_keys, index - BEFORE_TRANSFERS)
        where = f" at the transfer to {address}" if address else ""
        return LandedErr(f"The network refused it{where}: {detail}.", "network", LOOK_CLOSER, fee_lamports, address)
    if error in ("InsufficientFundsForFee", "AccountNotFound"):
        return _hot_wallet_empty(fee_lamports)
    return LandedErr(f"The network refused it: {error}.", "network", LOOK_CLOSER, fee_lamports)


def _below_rent(key: Pubkey, is_ours: bool, fee_lamports: int) -> LandedErr:
    if is_ours:
        return _hot_wallet_empty(fee_lamports)
    reason = f"The wallet {key} would hold less than the network's minimum, so the whole transaction was refused."
    next_step = "Hold this line until the player's wallet holds enough of its own; retry the others."
    return LandedErr(reason, "player", next_step, fee_lamports, str(key))


def _hot_wallet_empty(fee_lamports: int) -> LandedErr:
    reason = "The hot wallet holds too little for these transfers and the network's fee."
    return LandedErr(reason, "platform", "Fill the hot wallet up, then retry the batch.", fee_lamports)


def _recipient(instructions: Any, keys: Any, number: int) -> str | None:
    """The wallet that the transfer of this number pays; None when the failing instruction is no transfer."""
    transfers = instructions[BEFORE_TRANSFERS:-1]
    return str(keys[transfers[number].accounts[1]]) if 0 <= number < len(transfers) else None
