"""How much more memory a process takes while something runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

EVERY_S = 0.02
MB = 1024 * 1024


@dataclass
class Growth:
    """Bytes of a process's own memory (what it shares with others does not count)."""

    before: int
    most: int

    @property
    def megabytes(self) -> float:
        return (self.most - self.before) / MB


@contextmanager
def growth_of(pid: int) -> Iterator[Growth]:
    found, done = Growth(own_memory(pid), own_memory(pid)), threading.Event()

    def watch() -> None:
        while not done.wait(EVERY_S):
            found.most = max(found.most, own_memory(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield found
    finally:
        done.set()
        watcher.join()
        found.most = max(found.most, own_memory(pid))


def own_memory(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("RssAnon"))
    return int(kilobytes) * 1024
