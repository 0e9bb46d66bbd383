"""When market data may not be relied on: the breaker's computed state, from signs that the engine looks at.

It opens at once, tries again by itself after a pause that doubles, and closes only after a while of good data. While it
tries, lower limits than those it opened at decide what is good, so that data on the edge do not make it flap.
"""

from dataclasses import dataclass, replace
from typing import Literal

State = Literal["closed", "open", "half_open"]

SECOND_US = 1_000_000
SILENCE_S = 3
STALE_PERCENT, CALM_STALE_PERCENT = 20, 10
REJECT_PERCENT, CALM_REJECT_PERCENT = 5, 2
SLOW_MS, CALM_MS, SLOW_S = 1000, 500, 5
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5, 60
PROOF_S = 10
"""So long must data be good before an open breaker closes."""
FORGIVEN_S = 60
"""After so long closed, the next pause is the first one again."""


@dataclass(frozen=True, slots=True)
class Signs:
    """Times are µs by Valkey's clock. Rejects and ticks (accepted and rejected) are those of the last ten seconds."""

    now_us: int
    valid_us: int
    """when the last valid tick was accepted"""
    active: int
    stale: int
    ticks: int
    rejects: int
    lag_p99_ms: int | None
    """of the last second; None when no tick was sent on in it"""
    slow_s: int
    """for how many seconds in a row it has been above SLOW_MS"""


@dataclass(frozen=True, slots=True)
class Breaker:
    state: State
    since_us: int
    reason: str = ""
    trips: int = 0
    """how often it opened without a good while in between"""
    probe_us: int | None = None
    """when an open one tries again"""
    good_us: int = 0
    """since when data have been good, while it tries"""


def trouble(signs: Signs) -> str:
    """Why the breaker has to open, in words; empty when nothing is wrong."""
    if signs.now_us - signs.valid_us > SILENCE_S * SECOND_US:
        return f"No valid tick for {SILENCE_S} s."
    if signs.stale * 100 > signs.active * STALE_PERCENT:
        return f"{signs.stale} of {signs.active} active tokens are stale."
    if signs.rejects * 100 > signs.ticks * REJECT_PERCENT:
        return f"{signs.rejects} of {signs.ticks} ticks were refused within 10 s."
    if signs.slow_s >= SLOW_S:
        return f"Ticks have taken more than {SLOW_MS} ms to be sent on for {signs.slow_s} s."
    return ""


def is_good(signs: Signs) -> bool:
    """Whether data are good enough to close: below lower limits than those of `trouble`."""
    return (
        signs.now_us - signs.valid_us <= SECOND_US
        and signs.stale * 100 <= signs.active * CALM_STALE_PERCENT
        and signs.rejects * 100 <= signs.ticks * CALM_REJECT_PERCENT
        and (signs.lag_p99_ms or 0) <= CALM_MS
    )


def advanced(breaker: Breaker, signs: Signs, *, jitter_permille: int) -> Breaker:
    """The breaker after a look at the signs. The jitter, 750 … 1250, stretches its pause."""
    wrong = trouble(signs)
    if breaker.state == "open":
        due = breaker.probe_us is None or signs.now_us >= breaker.probe_us
        return half_opened(breaker, signs.now_us) if due else breaker
    if wrong:
        return opened(breaker, signs.now_us, wrong, jitter_permille=jitter_permille)
    if breaker.state == "half_open":
        return _tried(breaker, signs)
    if breaker.trips and signs.now_us - breaker.since_us >= FORGIVEN_S * SECOND_US:
        return replace(breaker, trips=0)
    return breaker


def opened(breaker: Breaker, now_us: int, reason: str, *, jitter_permille: int) -> Breaker:
    pause_us = min(LONGEST_PAUSE_S, FIRST_PAUSE_S << min(breaker.trips, 10)) * SECOND_US * jitter_permille // 1000
    probe_us = now_us + min(pause_us, LONGEST_PAUSE_S * SECOND_US)
    return Breaker("open", now_us, reason, breaker.trips + 1, probe_us)


def half_opened(breaker: Breaker, now_us: int) -> Breaker:
    return Breaker("half_open", now_us, breaker.reason, breaker.trips, None, now_us)


def _tried(breaker: Breaker, signs: Signs) -> Breaker:
    if not is_good(signs):
        return replace(breaker, good_us=signs.now_us)
    if signs.now_us - breaker.good_us >= PROOF_S * SECOND_US:
        return Breaker("closed", signs.now_us, f"Data have been good for {PROOF_S} s.", breaker.trips)
    return breaker
