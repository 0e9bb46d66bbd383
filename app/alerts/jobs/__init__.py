"""What the worker does for alerts: it ends what is over, looks at every rule, measures promises and writes news."""

from app.alerts.jobs.ending import end_expired, refire_expired, tell_silence
from app.alerts.jobs.machine import cache_away, certificate_old, clock_skewed, disk_full
from app.alerts.jobs.measuring import measure, pages_answered
from app.alerts.jobs.watch import Watch, write_news
from app.alerts.queries.watched import (
    audit_broken,
    audit_unverified,
    breakers_open,
    budgets_burning,
    keys_end_soon,
    workers_silent,
)
from app.core.jobs import Every

STEPS = (
    Every(1, end_expired), Every(5, Watch()), Every(1, write_news), Every(10, measure), Every(10, tell_silence),
    Every(5, refire_expired),
)  # fmt: skip
RULES = (
    cache_away, disk_full, certificate_old, clock_skewed, breakers_open, audit_broken, audit_unverified, workers_silent,
    keys_end_soon, budgets_burning,
)  # fmt: skip
"""Those that ask the network come first, while no transaction is open."""
MEASURES = (pages_answered,)
