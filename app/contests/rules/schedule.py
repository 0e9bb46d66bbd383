"""When contests of a schedule start: at a local time on some days of the week, whatever clocks do there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

AHEAD = timedelta(days=1)
"""So long before its start a contest is made, so that players can enter."""
DAY = timedelta(days=1)
WEEKDAYS = {1: "Monday", 2: "Tuesday", 3: "Wednesday", 4: "Thursday", 5: "Friday", 6: "Saturday", 7: "Sunday"}


@dataclass(frozen=True)
class Rhythm:
    """`weekdays` by ISO numbers: Monday is 1."""

    zone: str
    weekdays: Collection[int]
    at: time


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def starts_after(rhythm: Rhythm, moment: datetime, count: int) -> list[datetime]:
    """The next starts in UTC.

    A local time that clocks skip is as much later as they jump; one that comes twice is the first of the two.
    """
    zone = ZoneInfo(rhythm.zone)
    day = moment.astimezone(zone).date() - DAY
    found: list[datetime] = []
    while len(found) < count:
        start = datetime.combine(day, rhythm.at, zone).astimezone(UTC)
        if day.isoweekday() in rhythm.weekdays and start > moment and start not in found:
            found.append(start)
        day += DAY
    return found
