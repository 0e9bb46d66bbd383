"""What the worker does for payouts, in the order it asks."""

from collections.abc import Callable

from app.core.jobs import Every
from app.payouts.jobs.contests import follow_contests
from app.payouts.jobs.paying import pay_due
from app.payouts.jobs.reconciling import reconcile_due

STEPS: tuple[Callable[[], bool], ...] = (pay_due, Every(1, follow_contests), Every(5, reconcile_due))
