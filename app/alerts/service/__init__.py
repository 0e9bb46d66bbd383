"""Commands about alerts and breakers. Each is one transaction, audited; whoever calls it tells the open pages."""

from app.alerts.service.alerting import acknowledge_alert, raise_alert, resolve_alert
from app.alerts.service.breakers import end_expired, force_breaker, release_breaker, report_breaker
from app.alerts.service.workers import note_worker_silence

__all__ = [
    "acknowledge_alert",
    "end_expired",
    "force_breaker",
    "note_worker_silence",
    "raise_alert",
    "release_breaker",
    "report_breaker",
    "resolve_alert",
]
