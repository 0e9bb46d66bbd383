"""What a breaker says: the state that was computed, unless a person forced another one for a while."""

from dataclasses import dataclass
from datetime import datetime

STATES = ("closed", "open", "half_open")


@dataclass(frozen=True)
class Computed:
    state: str
    reason: str | None
    since: datetime
    next_probe_at: datetime | None = None


@dataclass(frozen=True)
class Forced:
    """A state that a person wants until then, whatever is computed."""

    state: str
    reason: str
    since: datetime
    by: str
    until: datetime


@dataclass(frozen=True)
class BreakerState:
    """What counts (`state`), since when and why, and both states it comes from."""

    name: str
    state: str
    reason: str | None
    since: datetime
    by: str | None
    until: datetime | None
    next_probe_at: datetime | None
    computed: Computed
    forced: Forced | None

    @property
    def is_open(self) -> bool:
        """Half-open counts as open: data flows again, and nothing is decided on it yet."""
        return self.state != "closed"


def in_effect(forced: Forced | None, now: datetime) -> Forced | None:
    return forced if forced is not None and forced.since <= now < forced.until else None


def effective(name: str, computed: Computed, forced: Forced | None, now: datetime) -> BreakerState:
    held = in_effect(forced, now)
    counts = held or computed
    return BreakerState(
        name=name,
        state=counts.state,
        reason=counts.reason,
        since=counts.since,
        by=held.by if held else None,
        until=held.until if held else None,
        next_probe_at=computed.next_probe_at,
        computed=computed,
        forced=held,
    )
