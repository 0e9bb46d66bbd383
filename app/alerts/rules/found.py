"""What a rule finds wrong, and what is measured of a promise."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """It alerts when it has lasted `pending_s`, and ends when it was right for `recovery_s`: no blip makes a page."""

    fingerprint: str
    severity: str
    subject: str
    what: str
    next_step: str
    link: str | None = None
    pending_s: int = 0
    recovery_s: int = 0


@dataclass(frozen=True)
class Measured:
    """Of `total` things since the last look `good` kept the promise of the target; `worst_ms` the slowest of them."""

    target: str
    good: int
    total: int
    worst_ms: int | None = None
