"""Commands about alerts and breakers. Each is one transaction, audited; whoever calls it tells the open pages."""

from app.alerts.service.alerting import raise_alert, resolve_alert
from app.alerts.service.breakers import end_expired, force_breaker, release_breaker, report_breaker
from app.alerts.service.handling import (
    acknowledge_alert,
    assign_alert,
    close_alert,
    hand_back,
    note_incident,
    refire_expired,
    snooze_alert,
    wake_alert,
)
from app.alerts.service.silencing import add_silence, end_silence
from app.alerts.service.workers import note_worker_silence

__all__ = [
    "acknowledge_alert",
    "add_silence",
    "assign_alert",
    "close_alert",
    "end_expired",
    "end_silence",
    "force_breaker",
    "hand_back",
    "note_incident",
    "note_worker_silence",
    "raise_alert",
    "refire_expired",
    "release_breaker",
    "report_breaker",
    "resolve_alert",
    "snooze_alert",
    "wake_alert",
]
