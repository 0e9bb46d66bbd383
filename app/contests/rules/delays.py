"""When to look at invalid market data again, and when to stop."""

from datetime import timedelta

WAITS_S = (5, 10, 20, 40, 60)
GIVE_UP_AFTER = timedelta(minutes=15)
JITTER = 0.2


def next_wait(attempts: int, chance: float) -> timedelta:
    """Time to the next look after so many."""
    return spread(WAITS_S[min(attempts, len(WAITS_S)) - 1], chance)


def spread(seconds: int, chance: float) -> timedelta:
    """`chance` in [0, 1) makes it up to 20 % shorter or longer, so that many do not come back at once."""
    return timedelta(seconds=seconds * (1 - JITTER + 2 * JITTER * chance))
