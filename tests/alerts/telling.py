"""Alerts for tests, told as the program tells them."""

from app.alerts.service import raise_alert
from app.audit.rules import Actor

ANN, BEN = Actor("staff", "1", "Ann"), Actor("staff", "2", "Ben")


def told(fingerprint: str = "contest:7", *, severity: str = "warning", subject: str = "Contest CUP-7") -> int:
    return raise_alert(
        fingerprint, severity=severity, subject=subject, what=f"{subject} waits", next_step="Look at it"
    ).id  # fmt: skip
