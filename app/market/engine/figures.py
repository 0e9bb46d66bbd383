"""What the engine counts of itself: ticks, rejects, frames and how long ticks took, second by second."""

from collections import Counter, deque
from dataclasses import dataclass, field

from app.core.metrics import Counter as CounterMetric
from app.core.metrics import Gauge, Histogram
from app.market.rules.frames import SourceStatus
from app.market.rules.wire import Entry

SECONDS = 10
BUCKETS = tuple(ms / 1000 for ms in (5, 10, 20, 35, 50, 75, 100, 150, 250, 500, 1000, 2500, 5000))
TICKS = CounterMetric("market_ticks_total", "Ticks the engine took in, by source.", ("source",))
REJECTS = CounterMetric("market_rejects_total", "Ticks refused at the gate, by reason.", ("reason",))
FRAMES = CounterMetric("market_frames_total", "Frames sent.")
LAG = Histogram("market_lag_seconds", "From a tick's acceptance to its frame, once a call.", (), BUCKETS)
UNSTORED = Gauge("market_unstored_seconds", "How far the database is behind the stream.")


@dataclass
class Second:
    ticks: Counter[str] = field(default_factory=Counter)
    rejects: Counter[str] = field(default_factory=Counter)
    rejected_of: Counter[str] = field(default_factory=Counter)
    frames: int = 0
    lags: list[tuple[int, int]] = field(default_factory=list)
    """ms, and how many ticks took so long"""


class Figures:
    def __init__(self, now_us: int) -> None:
        self.now = Second()
        self._past: deque[Second] = deque(maxlen=SECONDS)
        self._at = now_us // 1_000_000
        self.valid_us = now_us
        self.slow_s = 0
        self.last_lag_p99_ms: int | None = None
        self._newest: dict[str, int] = {}
        self._waiting: list[tuple[int, int]] = []

    def took(self, entry: Entry) -> None:
        if entry.count:
            ticks = Counter(entry.columns.sources)
            self.now.ticks.update(ticks)
            self.valid_us = max(self.valid_us, entry.accepted_us)
            self._waiting.append((entry.accepted_us, entry.count))
            for source in ticks:
                self._newest[source] = entry.accepted_us
        if entry.rejects:
            self.now.rejects.update(entry.rejects)
            self.now.rejected_of[entry.origin] += sum(entry.rejects.values())

    @property
    def oldest_us(self) -> int | None:
        """When the oldest tick that no frame has told yet was accepted."""
        return min(self._waiting)[0] if self._waiting else None

    def sent(self, now_us: int) -> None:
        self.now.frames += 1
        for accepted_us, count in self._waiting:
            lag_us = max(0, now_us - accepted_us)
            self.now.lags.append((lag_us // 1000, count))
            LAG.observe(lag_us / 1_000_000)
        self._waiting.clear()

    def turn(self, now_us: int) -> bool:
        """Begins the next second when it is time; whether it was."""
        if now_us // 1_000_000 <= self._at:
            return False
        self._at = now_us // 1_000_000
        ended, self.now = self.now, Second()
        self._past.append(ended)
        self.last_lag_p99_ms = quantile(ended.lags, 99)
        self.slow_s = self.slow_s + 1 if (self.last_lag_p99_ms or 0) > 1000 else 0
        FRAMES.add(ended.frames)
        for source, count in ended.ticks.items():
            TICKS.add(count, source=source)
        for reason, count in ended.rejects.items():
            REJECTS.add(count, reason=reason)
        self._newest = {name: at for name, at in self._newest.items() if at > now_us - 600_000_000}
        return True

    def rejects(self) -> Counter[str]:
        return sum((one.rejects for one in self._seconds()), Counter())

    def ticks(self) -> int:
        return sum(one.ticks.total() for one in self._seconds())

    def last_second(self) -> Second:
        return self._past[-1] if self._past else self.now

    def lag(self, percent: int) -> int | None:
        return quantile([lag for one in self._seconds() for lag in one.lags], percent)

    def sources(self, now_us: int) -> list[SourceStatus]:
        rejected: Counter[str] = sum((one.rejected_of for one in self._seconds()), Counter())
        names = sorted(self._newest)
        return [
            SourceStatus(
                name=name, ticks_s=self.last_second().ticks[name],
                age_ms=max(0, now_us - self._newest[name]) // 1000, rejects=rejected[name],
            )
            for name in names
        ]  # fmt: skip

    def _seconds(self) -> list[Second]:
        return [*self._past, self.now]


def quantile(lags: list[tuple[int, int]], percent: int) -> int | None:
    """The lag within which so many per cent of the ticks were sent on."""
    total = sum(count for _, count in lags)
    passed = 0
    for lag, count in sorted(lags):
        passed += count
        if passed * 100 >= total * percent:
            return lag
    return None
