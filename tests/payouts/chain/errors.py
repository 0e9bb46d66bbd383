"""The VM's errors in the words of a node's JSON."""

from typing import Any

from solders.transaction_status import (
    InstructionErrorCustom,
    TransactionErrorInstructionError,
    TransactionErrorInsufficientFundsForRent,
)


def as_nodes_write_it(error: Any) -> Any:
    if isinstance(error, TransactionErrorInstructionError):
        inner = error.err
        detail = {"Custom": inner.code} if isinstance(inner, InstructionErrorCustom) else str(inner).rsplit(".", 1)[-1]
        return {"InstructionError": [error.index, detail]}
    if isinstance(error, TransactionErrorInsufficientFundsForRent):
        return {"InsufficientFundsForRent": {"account_index": error.account_index}}
    return str(error).rsplit(".", 1)[-1]
