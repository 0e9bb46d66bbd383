"""When work on a referral or reward is tried again after failing, and when it is given up."""

from datetime import timedelta

TRIES = 8
FIRST_S, LONGEST_S = 1, 300


def pause(tries: int, share: float) -> timedelta:
    """Full jitter: `share`, from 0 to 1, of a time that doubles up to five minutes."""
    return timedelta(seconds=share * min(LONGEST_S, FIRST_S * 2 ** (tries - 1)))
