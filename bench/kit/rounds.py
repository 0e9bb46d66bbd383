"""Several ways of doing the same, in turn, several times: what matters is their ratio within one run."""

import gc
import os
import platform
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from statistics import median

Way = Callable[[], object]


def seconds(ways: Mapping[str, Way], *, rounds: int, before: Way) -> dict[str, list[float]]:
    """What each way took in each round; `before` puts all on the same footing and is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, way in ways.items():
            before()
            gc.collect()
            began = time.perf_counter()
            way()
            taken[name].append(time.perf_counter() - began)
        print(f"round {number + 1} of {rounds}: " + ", ".join(f"{name} {taken[name][-1]:.2f} s" for name in ways))
    return taken


def table(taken: Mapping[str, list[float]], *, against: str) -> None:
    peer = median(taken[against])
    print(f"\n{'':<34}{'median':>9}{'least':>9}{'most':>9}{'ratio':>8}")
    for name, times in taken.items():
        middle = median(times)
        print(f"{name:<34}{middle:>7.2f} s{min(times):>7.2f} s{max(times):>7.2f} s{middle / peer:>8.2f}")


def machine() -> str:
    """One line on when and where this was measured."""
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    load = "/".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{now}, {os.cpu_count()} cores, load {load}, Python {platform.python_version()}, {platform.platform()}"
