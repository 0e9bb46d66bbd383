"""What each part of a board shows. A part holds no time of reading, so that equal parts have equal digests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from app.alerts.queries import OpenAlert, alert_counts, last_resolved_at, open_alerts
from app.alerts.queries.maintenance import maintenance
from app.alerts.rules.services import SERVICES
from app.contests.queries import desk
from app.contests.queries.contest import ContestFacts, contest_by_code
from app.contests.queries.live_standings import LiveStandings, live_standings
from app.contests.queries.running import ContestOnWall, contests_on_wall, next_to_end
from app.core.extensions import settings
from app.market.queries.latest import latest_rows
from app.market.queries.token_list import DEFAULT_ORDER, Listed, token_list
from app.payouts.queries.waiting import longest_unpaid
from app.wall.queries.services import ServiceLine, services
from app.wall.rules.sight import MOST_ROWS
from app.whitelist.queries.queue import longest_waiting

ALERTS_SHOWN = 6
ALERTS_COUNTED = 100
CONTESTS_SHOWN = 6
STANDINGS_SHOWN = 8


@dataclass(frozen=True)
class Top:
    next_end: ContestOnWall | None
    critical: int
    others: int
    quiet: int


@dataclass(frozen=True)
class Prices:
    """Tokens in the order of what was traded; their prices follow by frames."""

    rows: Sequence[Listed]
    engine_at: datetime | None


@dataclass(frozen=True)
class Worst:
    alert: OpenAlert | None
    more: int


@dataclass(frozen=True)
class Spotlight:
    contest: ContestFacts | None
    standings: LiveStandings | None


@dataclass(frozen=True)
class Foot:
    """Since when the longest of each kind waits; None when nothing does."""

    evaluation: desk.Mark | None
    evaluation_goal_s: int
    unpaid_since: datetime | None
    payout_goal_s: int
    submission_since: datetime | None
    review_goal_s: int


@dataclass(frozen=True)
class Alerts:
    """Those that are open; while there are none, since when, and of how many services."""

    open: Sequence[OpenAlert]
    quiet_since: datetime | None
    services: int


def top() -> Top:
    found = open_alerts(ALERTS_COUNTED)
    critical = sum(alert.severity == "critical" for alert in found)
    return Top(next_to_end(), critical, len(found) - critical, alert_counts().quiet)


def prices() -> Prices:
    latest = latest_rows()
    return Prices(token_list("", DEFAULT_ORDER, latest.quotes).rows[:MOST_ROWS], latest.at)


def worst() -> Worst:
    found = open_alerts(ALERTS_COUNTED)
    return Worst(found[0] if found else None, len(found) - 1)


def contests() -> Sequence[ContestOnWall]:
    return contests_on_wall(CONTESTS_SHOWN)


def alerts() -> Alerts:
    found = open_alerts(ALERTS_SHOWN)
    return Alerts(found, None if found else last_resolved_at(), len(SERVICES))


def spotlight() -> Spotlight:
    """The contest that ends next, and who leads it."""
    chosen = next_to_end()
    contest = contest_by_code(chosen.code) if chosen else None
    if contest is None:
        return Spotlight(None, None)
    found = live_standings(contest)
    return Spotlight(contest, LiveStandings(found.rows[:STANDINGS_SHOWN], found.players, found.priced_at))


def health() -> Sequence[ServiceLine]:
    return services()


def foot() -> Foot:
    unpaid, waiting = longest_unpaid(), longest_waiting(1)
    return Foot(
        desk.clocks().oldest_unevaluated, settings().evaluation_goal_s, unpaid.since if unpaid else None,
        settings().payout_goal_s, waiting[0].received_at if waiting else None,
        settings().whitelist_review_goal_s,
    )  # fmt: skip


def announced() -> str | None:
    """What announced work pauses now, until when and why, of all windows that are under way; None when none is."""
    told = [
        f"{', '.join(SERVICES[name].label for name in one.services)} until {one.ends_at:%H:%M} UTC: {one.reason}"
        for one in maintenance() if one.is_now
    ]  # fmt: skip
    return " · ".join(told) or None


READERS: Mapping[str, Callable[[], Any]] = {
    "top": top, "foot": foot, "prices": prices, "worst": worst, "contests": contests, "alerts": alerts,
    "spotlight": spotlight, "health": health,
}  # fmt: skip


def digest(name: str, part: Any) -> str:
    """Twelve letters that are the same for what looks the same. Prices are told by frames: only their order counts."""
    told = [row.id for row in part.rows] if name == "prices" else _still(part)
    return sha256(repr(told).encode()).hexdigest()[:12]


def _still(part: Any) -> Any:
    """The part without the moment at which its contest was read."""
    if isinstance(part, Spotlight) and part.contest is not None:
        contest = part.contest
        return contest.code, contest.name, contest.state, contest.ends_at, contest.pool_lamports, part.standings
    return part
