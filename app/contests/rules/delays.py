"""When to look at invalid market data again, and when to stop."""

from datetime import timedelta

WAITS_S = (5, 10, 20, 40, 60)
GIVE_UP_AFTER = timedelta(minutes=15)
JITTER = 0.2


def next_wait(attempts: int, chance: float) -> timedelta:
    """Time to the next look after so many; `chance` in [0, 1) spreads it over ± 20 %."""
    seconds = WAITS_S[min(attempts, len(WAITS_S)) - 1]
    return timedelta(seconds=seconds * (1 - JITTER + 2 * JITTER * chance))
