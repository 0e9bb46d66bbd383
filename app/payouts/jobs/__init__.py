"""What the worker does for payouts, in the order it asks."""

from collections.abc import Callable

from app.core.jobs import Every
from app.payouts.jobs.contests import follow_contests
from app.payouts.jobs.paying import pay_due
from app.payouts.jobs.reconciling import reconcile_due
from app.payouts.queries.promised import batch_stuck, paid, payment_late

STEPS: tuple[Callable[[], bool], ...] = (pay_due, Every(1, follow_contests), Every(5, reconcile_due))
RULES = (batch_stuck, payment_late)
MEASURES = (paid,)
