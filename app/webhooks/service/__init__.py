"""Commands about webhooks. `announce` is part of larger commands, which commit."""

from app.webhooks.service.announcing import announce, announce_alerts
from app.webhooks.service.delivering import Answer, Parcel, claim, forget_old, note_answer, replay
from app.webhooks.service.endpoints import Shown, add_endpoint, disable, enable, rotate_secret, send_test

__all__ = [
    "Answer",
    "Parcel",
    "Shown",
    "add_endpoint",
    "announce",
    "announce_alerts",
    "claim",
    "disable",
    "enable",
    "forget_old",
    "note_answer",
    "replay",
    "rotate_secret",
    "send_test",
]
