"""When a batch is looked at again, and when it is given up."""

from datetime import timedelta

LEASE = timedelta(seconds=30)
"""A worker that has taken a batch is left alone so long; one that died is followed by another then."""
FOLLOW_EVERY = timedelta(seconds=2)
FIRST_TRIES, FIRST_WAIT = 3, timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)
MOST_ATTEMPTS = 8
RECENTLY = timedelta(minutes=5)
"""How old the proof of who approves may be."""


def next_wait(attempts: int) -> timedelta:
    """After so many attempts that came to nothing: three times five seconds, then twice as long each time."""
    factor: int = 2 ** max(0, attempts - FIRST_TRIES)
    return min(LONGEST_WAIT, FIRST_WAIT * factor)
