"""When a delivery is tried again, and when it is given up."""

from datetime import timedelta

TRIES = 14
FIRST_S, LONGEST_S = 5, 6 * 3600
LONGEST_REST_S = 60
LEASE = timedelta(seconds=60)
"""Longer than one attempt can take: a name looked up, and five seconds."""
OVERLAP = timedelta(hours=24)
KEPT = timedelta(days=30)
STATES = ("pending", "delivered", "dead")


def pause(tries: int, share: float) -> timedelta:
    """Rest after so many tries: `share`, from 0 to 1, of a time that doubles, so that retries spread."""
    return timedelta(seconds=share * min(LONGEST_S, FIRST_S * 2 ** (tries - 1)))


def rest(failures: int) -> timedelta:
    """How long an endpoint is left alone after so many failures in a row."""
    return timedelta(seconds=min(LONGEST_REST_S, 2 ** min(failures - 1, 10)))
