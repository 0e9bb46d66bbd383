"""How our own feed has served a token, by the rules that settle contests. The floor of the contests knows them; it
answers under this name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.whitelist.rules.findings import Line, unread

QUESTION = "token served"
CHECK = "feed"
"""The one line of a token that our feed never told a price of."""
WORST_MINUTE = "worst_minute"
CHECKS = ("feed_gaps", "feed_spread", "feed_sources", WORST_MINUTE, "contest_delays")


@dataclass(frozen=True)
class Window:
    """A stretch of the feed, settled. `reasons` is why a contest that ended with it would have been delayed."""

    ends_at: datetime
    longest_gap_s: int
    spread_bps: int
    steady_sources: int
    reasons: Sequence[str]
    contest: str = ""


@dataclass(frozen=True)
class Served:
    """Each whole minute of the last hour, and the windows of the contests that ended while the feed told prices."""

    minutes: Sequence[Window]
    contests: Sequence[Window]
    most_gap_s: int
    most_spread_bps: int
    least_sources: int


def lines_of_feed(served: Served | None) -> Iterator[Line]:
    if served is None:
        yield from unread([CHECK], why="our feed has told no price of it")
        return
    if served.minutes:
        yield from _of_minutes(served)
    else:
        yield from unread(CHECKS[:-1], why="our feed told no whole minute of it in the last hour")
    yield _delays(served.contests)


def _of_minutes(served: Served) -> Iterator[Line]:
    minutes = served.minutes
    gaps = sum(one.longest_gap_s > served.most_gap_s for one in minutes)
    longest = max(one.longest_gap_s for one in minutes)
    value = f"longest {longest} s; {gaps} of {len(minutes)} minutes have a longer one than is allowed"
    yield _judged("feed_gaps", value, gaps == 0, f"at most {served.most_gap_s} s")
    spread = max(one.spread_bps for one in minutes)
    most = served.most_spread_bps
    yield _judged("feed_spread", f"sources {spread} bp apart at most", spread <= most, f"at most {most} bp")
    fewest = min(one.steady_sources for one in minutes)
    value = f"{fewest} in the minute with the fewest"
    yield _judged("feed_sources", value, fewest >= served.least_sources, f"at least {served.least_sources}")
    worst = max(minutes, key=lambda one: (len(one.reasons), one.longest_gap_s, one.spread_bps, one.ends_at))
    value = f"until {worst.ends_at:%H:%M} UTC: gap {worst.longest_gap_s} s, {worst.spread_bps} bp, {_spoken(worst)}"
    yield _judged(WORST_MINUTE, value, not worst.reasons, "a minute that could be settled on")


def _delays(contests: Sequence[Window]) -> Line:
    """The windows of recent contests, as if they had traded this token."""
    asked = "no contest delayed"
    if not contests:
        return Line("contest_delays", "unknown", "no contest ended while our feed told its prices", asked)
    late = [one for one in contests if one.reasons]
    some = f": {', '.join(one.contest for one in late[:3])}{' …' if len(late) > 3 else ''}" if late else ""
    value = f"would have delayed {len(late)} of {len(contests)} contests{some}"
    return _judged("contest_delays", value, not late, asked)


def _judged(check: str, value: str, is_good: bool, asked: str) -> Line:
    """A weak feed is a question for a reviewer, never a refusal."""
    return Line(check, "pass" if is_good else "warn", value, asked)


def _spoken(one: Window) -> str:
    return ", ".join(reason.replace("_", " ") for reason in one.reasons) or "fit to settle on"
