"""How a service stood over a span of time, as stretches of one state each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

WORST = ("ok", "unknown", "maintenance", "warning", "critical")
"""From best to worst; where two hold at once the worse is shown. Unknown: nobody looked, and nothing is known."""
HOUR = timedelta(hours=1)
BEGIN = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Stretch:
    state: str
    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        return int((self.end - self.start).total_seconds())


def band(facts: Sequence[Stretch], start: datetime, end: datetime) -> Sequence[Stretch]:
    """The span from start to end without gaps: what `facts` say of it, and ok where they say nothing."""
    steps = [(start, "ok", 0), (end, "ok", 0)]
    for one in facts:
        if one.start < end and one.end > start:
            steps += [(max(one.start, start), one.state, 1), (min(one.end, end), one.state, -1)]
    steps.sort(key=lambda step: step[0])
    holding: Counter[str] = Counter()
    found: list[Stretch] = []
    for (at, state, change), (until, _, _) in pairwise(steps):
        holding[state] += change
        if until == at:
            continue
        worst = max((one for one, count in holding.items() if count > 0), key=WORST.index, default="ok")
        since = found.pop().start if found and found[-1].state == worst else at
        found.append(Stretch(worst, since, until))
    return found


def coarse(stretches: Sequence[Stretch], step: timedelta) -> Sequence[Stretch]:
    """The same in whole steps of the clock, each as bad as its worst moment; so it changes only when there is news."""
    whole = [Stretch(one.state, _whole(one.start, step), _whole(one.end, -step)) for one in stretches]
    return band(whole, whole[0].start, whole[-1].end)


def _whole(at: datetime, step: timedelta) -> datetime:
    """Back to a whole step; on to one where the step is negative."""
    return at - (at - BEGIN) % step


def unwatched(hours: Sequence[datetime], start: datetime, end: datetime) -> Sequence[Stretch]:
    """Stretches whose hours were not measured at all; `hours` are the beginnings of those that were, in order."""
    found, known_until = [], start
    for hour in hours:
        if hour > known_until:
            found.append(Stretch("unknown", known_until, hour))
        known_until = max(known_until, hour + HOUR)
    if known_until < end:
        found.append(Stretch("unknown", known_until, end))
    return found
