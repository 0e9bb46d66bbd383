"""What is counted, and what counting found."""

import math
import time
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256


@dataclass(frozen=True)
class Window:
    """At most `most` turns of `key` in any `length_s` seconds."""

    key: str
    most: int
    length_s: int

    @cached_property
    def digest(self) -> bytes:
        return sha256(self.key.encode()).digest()


@dataclass(frozen=True)
class Taken:
    """`count` turns count now, the oldest of them `oldest_age_s` old. Not sure: whoever counted may not know all."""

    is_allowed: bool
    count: int
    oldest_age_s: float
    is_sure: bool = True


@dataclass(frozen=True)
class Passed:
    """A turn that was taken so many seconds ago."""

    window: Window
    age_s: float


def seconds_until(moment: float) -> int:
    """Whole seconds after which the moment has surely come."""
    return max(0, math.ceil(moment - time.time()))
