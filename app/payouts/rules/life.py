"""States of payouts, batches and attempts. The database holds every edge between them."""

PAYOUT_KINDS = ("prize", "refund", "referral")
PAYOUT_STATES = ("planned", "held", "in_batch", "paid", "cancelled")
BATCH_STATES = ("planned", "approved", "paying", "paid", "failed", "cancelled")
ATTEMPT_STATES = ("signed", "sent", "landed_ok", "landed_err", "expired")
LIVE = ("signed", "sent", "landed_ok")
"""An attempt that may land or has landed: beside it no other is signed."""
UNDECIDED = ("signed", "sent")
OPEN_PAYOUTS = ("planned", "held", "in_batch")
"""What still has to be paid."""
