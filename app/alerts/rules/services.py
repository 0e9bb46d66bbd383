"""The services there are and what each needs: who is down hides what follows from it, and all start in this order."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    """`needs` names the services without which it cannot do its work; `process` is the one that runs it."""

    name: str
    label: str
    needs: tuple[str, ...]
    process: str


SERVICES: Mapping[str, Service] = {
    one.name: one
    for one in (
        Service("database", "Database", (), "PostgreSQL"),
        Service("cache", "Cache", (), "Valkey"),
        Service("desk", "Desk", ("database", "cache"), "web"),
        Service("websocket", "WebSocket", ("cache",), "web"),
        Service("market", "Market", ("database", "cache", "websocket"), "market"),
        Service("workers", "Workers", ("database", "cache"), "worker"),
        Service("whitelist", "Whitelist", ("database", "cache", "workers"), "worker"),
        Service("contests", "Contests", ("database", "cache", "market", "workers"), "worker"),
        Service("payouts", "Payouts", ("database", "contests", "workers"), "worker"),
        Service("referrals", "Referrals", ("database", "cache", "contests", "workers"), "worker"),
        Service("webhooks", "Webhooks", ("database", "workers"), "worker"),
    )
}
"""Each stands after everything it needs."""
PAUSABLE = tuple(one.name for one in SERVICES.values() if one.process == "worker" and one.name != "workers")
"""Services whose work is done in steps of the worker, which can leave them alone."""


def needed_by(name: str) -> frozenset[str]:
    """Everything the service needs, also through others."""
    found: set[str] = set()
    for need in SERVICES[name].needs:
        found |= {need} | needed_by(need)
    return frozenset(found)


def dependents_of(name: str) -> tuple[str, ...]:
    """Everything that needs the service, also through others, in the order of starting."""
    return tuple(other for other in SERVICES if name in needed_by(other))


def levels() -> Sequence[Sequence[Service]]:
    """The services in layers: each needs only services of layers before its own."""
    depth: dict[str, int] = {}
    for service in SERVICES.values():
        depth[service.name] = 1 + max((depth[need] for need in service.needs), default=-1)
    return [[SERVICES[name] for name in depth if depth[name] == level] for level in range(max(depth.values()) + 1)]


def in_starting_order(processes: Collection[str]) -> list[str]:
    """Processes so that each starts after those whose services its own need; stopping goes the other way.

    What runs no service comes last.
    """
    order = list(dict.fromkeys(service.process for service in SERVICES.values()))
    return sorted(processes, key=lambda name: order.index(name.split()[0]) if name.split()[0] in order else len(order))
