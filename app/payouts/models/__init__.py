from app.payouts.models.attempts import Attempt, AttemptStep
from app.payouts.models.freezes import Freeze, Reconciliation
from app.payouts.models.keys import IdempotencyKey
from app.payouts.models.ledger import Journal, LedgerAccount, LedgerLine
from app.payouts.models.payouts import Batch, Payout, PayoutLine

__all__ = [
    "Attempt",
    "AttemptStep",
    "Batch",
    "Freeze",
    "IdempotencyKey",
    "Journal",
    "LedgerAccount",
    "LedgerLine",
    "Payout",
    "PayoutLine",
    "Reconciliation",
]
