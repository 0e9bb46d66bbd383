"""Rules about this machine and what it talks to, none of which asks the database for more than the time."""

from collections.abc import Sequence
from pathlib import Path
from ssl import SSLCertVerificationError

import psutil
from redis.exceptions import RedisError

from app.alerts.rules.found import Found
from app.core.certificate import expiry
from app.core.extensions import settings, valkey
from app.core.formats import byte_size, server_now
from app.core.skew import skew_ms

SKEW_MS, MUCH_SKEW_MS = 250, 1000
LITTLE_SPACE, TOO_LITTLE_SPACE = 2 * 1024**3, 500 * 1024**2
DAYS_LEFT, FEW_DAYS_LEFT = 21, 7
HAS_EXPIRED = 10
"""X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL."""


def cache_away() -> Sequence[Found]:
    try:
        valkey().ping()
    except RedisError as error:
        what = f"Valkey does not answer ({type(error).__name__}): no live updates, no caches, rate limits by process"
        return [
            Found(
                "service:cache", "critical", "Cache does not answer", what, "Bring Valkey back", pending_s=5,
                recovery_s=5,
            )
        ]  # fmt: skip
    return []


def disk_full() -> Sequence[Found]:
    return disk_found(settings().instance_path, LITTLE_SPACE, TOO_LITTLE_SPACE)


def disk_found(path: Path, little: int, too_little: int) -> Sequence[Found]:
    there = next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())
    free = psutil.disk_usage(str(there)).free
    if free >= little:
        return []
    severity = "critical" if free < too_little else "warning"
    what = f"{byte_size(free)} are free where {path.name} lies"
    return [Found("disk:instance", severity, "Disk is filling up", what, "Make room", pending_s=10, recovery_s=30)]


def clock_skewed() -> Sequence[Found]:
    return skew_found(skew_ms())


def skew_found(ms: int) -> Sequence[Found]:
    if abs(ms) <= SKEW_MS:
        return []
    ahead = "ahead of" if ms > 0 else "behind"
    return [
        Found(
            "clock:skew", "critical" if abs(ms) > MUCH_SKEW_MS else "warning", "Clocks differ",
            f"This machine's clock is {abs(ms)} ms {ahead} the database's", "Set it by NTP", pending_s=15,
            recovery_s=15,
        )
    ]  # fmt: skip


def certificate_old() -> Sequence[Found]:
    try:
        runs_out = expiry(settings().url)
    except OSError as error:
        has_run_out = isinstance(error, SSLCertVerificationError) and error.verify_code == HAS_EXPIRED
        state = "has run out: browsers refuse the desk" if has_run_out else f"cannot be read: {error}"
        what, severity = f"The certificate of {settings().url} {state}", "critical" if has_run_out else "warning"
    else:
        left = (runs_out - server_now()).days if runs_out else DAYS_LEFT
        if left >= DAYS_LEFT:
            return []
        what = f"The certificate of {settings().url} runs out in {left} days"
        severity = "critical" if left < FEW_DAYS_LEFT else "warning"
    return [Found("certificate:desk", severity, "Certificate", what, "Renew it", pending_s=60)]
