"""When a step that failed is tried again, and when it is given up."""

FIRST_WAIT_S, LONGEST_WAIT_S = 1, 60
MOST_TRIES = 8


def wait_after_s(tries: int) -> int | None:
    """1, 2, 4 … 60 s after so many failures; None to give up."""
    return None if tries >= MOST_TRIES else min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (tries - 1))
