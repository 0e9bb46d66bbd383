"""Ids that say when they were made."""

import secrets
import time
from uuid import UUID


def new_timed_id() -> UUID:
    """A UUIDv7: milliseconds since 1970, then 74 random bits. Sorted, such ids are in the order of their making."""
    milliseconds = time.time_ns() // 1_000_000
    chance = secrets.randbits(74)
    return UUID(int=milliseconds << 80 | 7 << 76 | (chance >> 62) << 64 | 2 << 62 | chance & (1 << 62) - 1)
