"""What a breaker says: the state that was computed, unless a person forced another one for a while."""

from dataclasses import dataclass
from datetime import datetime

from app.alerts.rules.found import Found

STATES = ("closed", "open", "half_open")


@dataclass(frozen=True)
class Guard:
    """What the alert of an open breaker says. `name` is what people call the breaker."""

    name: str
    alert: str
    next_step: str


GUARDS = {
    "market": Guard(
        "market",
        "Market data delay",
        "Circuit break: contests on live prices neither start nor are evaluated. Look at the sources of the market.",
    ),
}
"""The breakers there are."""


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
    """What counts, and both states it comes from; a forced one counts until it expires."""

    name: str
    computed: Computed
    forced: Forced | None

    @property
    def state(self) -> str:
        return (self.forced or self.computed).state

    @property
    def reason(self) -> str | None:
        return (self.forced or self.computed).reason

    @property
    def since(self) -> datetime:
        return (self.forced or self.computed).since

    @property
    def by(self) -> str | None:
        return self.forced.by if self.forced else None

    @property
    def until(self) -> datetime | None:
        return self.forced.until if self.forced else None

    @property
    def next_probe_at(self) -> datetime | None:
        return self.computed.next_probe_at

    @property
    def is_open(self) -> bool:
        """Half-open counts as open: data flow again, and nothing is decided on them yet."""
        return self.state != "closed"


def fingerprint(name: str) -> str:
    """Of the alert that the breaker is open."""
    return f"breaker:{name}"


def found_open(state: BreakerState) -> Found:
    guard = GUARDS[state.name]
    what = f"The {guard.name} breaker is {state.state.replace('_', '-')}: {state.reason or 'no reason was told'}"
    return Found(fingerprint(state.name), "critical", guard.alert, what, guard.next_step)


def at_moment(name: str, computed: Computed, forced: Forced | None, moment: datetime) -> BreakerState:
    return BreakerState(name, computed, forced if forced is not None and moment < forced.until else None)
