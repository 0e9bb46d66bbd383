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
from app.alerts.service.maintaining import announce_maintenance, end_maintenance, record_purge
from app.alerts.service.measuring import claim_measuring, keep_measured
from app.alerts.service.silencing import add_silence, end_silence
from app.alerts.service.telling import write_news
from app.alerts.service.watching import note_outage, take_round
from app.alerts.service.workers import note_worker_silence

__all__ = [
    "acknowledge_alert",
    "add_silence",
    "announce_maintenance",
    "assign_alert",
    "claim_measuring",
    "close_alert",
    "end_expired",
    "end_maintenance",
    "end_silence",
    "force_breaker",
    "hand_back",
    "keep_measured",
    "note_incident",
    "note_outage",
    "note_worker_silence",
    "raise_alert",
    "record_purge",
    "refire_expired",
    "release_breaker",
    "report_breaker",
    "resolve_alert",
    "snooze_alert",
    "take_round",
    "wake_alert",
    "write_news",
]
