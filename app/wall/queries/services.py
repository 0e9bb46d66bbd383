"""How each service is, in a word and a sentence, made of what the floors below say of themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from redis.exceptions import RedisError

from app.alerts.queries import breaker, open_alerts
from app.alerts.queries.health import bands, tiles
from app.alerts.rules.bands import Stretch, coarse
from app.alerts.rules.services import SERVICES
from app.contests.queries import desk
from app.core.beats import beats
from app.core.extensions import settings, valkey
from app.market.queries.halt import halt, stored_until
from app.market.rules.feeds import BREAKER
from app.payouts.queries.waiting import longest_unpaid
from app.wall.queries.screens import watched
from app.whitelist.queries.queue import longest_waiting

ALERTS_COUNTED = 100
DAY, STEP = timedelta(hours=24), timedelta(minutes=30)


@dataclass(frozen=True)
class ServiceLine:
    """`tone` is ok, warn, bad or unknown; `since` and `goal_s` are shown when they say something.

    `band` is how the service stood in the last day, where the line is of one.
    """

    name: str
    tone: str
    words: str
    since: datetime | None = None
    goal_s: int | None = None
    band: Sequence[Stretch] = ()


def services() -> Sequence[ServiceLine]:
    """Asked by the database, so its own line is there only while it answers."""
    clocks, unpaid, waiting = desk.clocks(), longest_unpaid(), longest_waiting(1)
    now, evaluation = clocks.now, clocks.oldest_unevaluated
    lines = {
        "database": ServiceLine("Database", "ok", "answers"),
        "cache": _cache(),
        "market": _feed(),
        "breaker": _breaker(),
        "workers": _workers(),
        "contests": _waiting("Evaluation", evaluation.at if evaluation else None, settings().evaluation_goal_s, now),
        "payouts": _waiting("Payouts", unpaid.since if unpaid else None, settings().payout_goal_s, now),
        "referrals": _referrals(),
        "whitelist": _waiting(
            "Whitelist", waiting[0].received_at if waiting else None, settings().whitelist_review_goal_s, now
        ),
        "websocket": _screens(),
        "desk": _promises(),
    }
    stood = bands(DAY).of
    return [replace(line, band=coarse(stood[name], STEP)) if name in stood else line for name, line in lines.items()]


def _cache() -> ServiceLine:
    try:
        valkey().ping()
    except RedisError as error:
        return ServiceLine("Cache", "bad", f"does not answer ({type(error).__name__})")
    return ServiceLine("Cache", "ok", "answers")


def _feed() -> ServiceLine:
    found = halt()
    if found is None:
        return ServiceLine("Market data", "ok", "prices are stored")
    return ServiceLine("Market data", "bad", "not to be relied on", found.since or stored_until())


def _breaker() -> ServiceLine:
    state = breaker(BREAKER)
    if state is None:
        return ServiceLine("Market breaker", "unknown", "nothing was reported yet")
    forced = f", forced by {state.by}" if state.forced else ""
    tone = "bad" if state.is_open else "warn" if state.forced else "ok"
    return ServiceLine("Market breaker", tone, state.state.replace("_", "-") + forced, state.since)


def _workers() -> ServiceLine:
    seen = beats()
    beating, silent = sum(one.is_beating for one in seen), sum(one.is_silent for one in seen)
    if not beating:
        return ServiceLine("Workers", "bad", "none is at work")
    if silent:
        return ServiceLine("Workers", "warn", f"{beating} at work, {silent} silent")
    return ServiceLine("Workers", "ok", f"{beating} at work")


def _waiting(name: str, since: datetime | None, goal_s: int, now: datetime) -> ServiceLine:
    if since is None:
        return ServiceLine(name, "ok", "nothing waits")
    is_late = now - since > timedelta(seconds=goal_s)
    return ServiceLine(name, "bad" if is_late else "ok", "late" if is_late else "in time", since, goal_s)


def _referrals() -> ServiceLine:
    found = [alert for alert in open_alerts(ALERTS_COUNTED) if alert.service == "referrals"]
    if not found:
        return ServiceLine("Referrals", "ok", "nothing was given up")
    since = min(alert.first_seen_at for alert in found)
    return ServiceLine("Referrals", "warn", found[0].subject.removeprefix("Referrals: "), since)


def _promises() -> ServiceLine:
    """Of the last day, the one that is missed most."""
    measured = [tile for tile in tiles() if tile.value_ppm is not None]
    missed = sorted((tile for tile in measured if not tile.is_kept), key=lambda tile: tile.value_ppm or 0)
    if not measured:
        return ServiceLine("Promises", "unknown", "nothing was measured in a day")
    if not missed:
        return ServiceLine("Promises", "ok", f"all {len(measured)} are kept")
    worst = missed[0].target
    more = f", {len(missed) - 1} more" if len(missed) > 1 else ""
    return ServiceLine(
        "Promises", "warn", f"{SERVICES[worst.service].label.lower()} {worst.label.lower()} missed{more}"
    )  # fmt: skip


def _screens() -> ServiceLine:
    seen = watched()
    troubled = [one.name for one in seen if one.trouble]
    if troubled:
        return ServiceLine("Screens", "warn", f"{', '.join(troubled[:3])}: off, frozen or lying")
    return ServiceLine("Screens", "ok", f"{len(seen)} tell of themselves" if seen else "none tells of itself")
