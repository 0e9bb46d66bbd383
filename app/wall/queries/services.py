"""How each service is, in a word and a sentence, made of what the floors below say of themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from redis.exceptions import RedisError

from app.alerts.queries import breaker, open_alerts
from app.contests.queries import desk
from app.core.beats import beats
from app.core.extensions import settings, valkey
from app.market.queries.halt import halt, stored_until
from app.market.rules.feeds import BREAKER
from app.payouts.queries.waiting import longest_unpaid
from app.wall.queries.screens import watched
from app.whitelist.queries.queue import longest_waiting

ALERTS_COUNTED = 100


@dataclass(frozen=True)
class ServiceLine:
    """`tone` is ok, warn, bad or unknown; `since` and `goal_s` are shown when they say something."""

    name: str
    tone: str
    words: str
    since: datetime | None = None
    goal_s: int | None = None


def services() -> Sequence[ServiceLine]:
    """Asked by the database, so its own line is there only while it answers."""
    clocks, unpaid, waiting = desk.clocks(), longest_unpaid(), longest_waiting(1)
    now, evaluation = clocks.now, clocks.oldest_unevaluated
    return [
        ServiceLine("Database", "ok", "answers"),
        _cache(),
        _feed(),
        _breaker(),
        _workers(),
        _waiting("Evaluation", evaluation.at if evaluation else None, settings().evaluation_goal_s, now),
        _waiting("Payouts", unpaid.since if unpaid else None, settings().payout_goal_s, now),
        _waiting("Whitelist", waiting[0].received_at if waiting else None, settings().whitelist_review_goal_s, now),
        _alerts(),
        _screens(),
    ]


def _cache() -> ServiceLine:
    try:
        valkey().ping()
    except RedisError as error:
        return ServiceLine("Cache", "bad", f"does not answer ({type(error).__name__})")
    return ServiceLine("Cache", "ok", "answers")


def _feed() -> ServiceLine:
    found = halt()
    if found is None:
        return ServiceLine("Market data", "ok", "prices are stored as they come")
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


def _alerts() -> ServiceLine:
    found = open_alerts(ALERTS_COUNTED)
    if not found:
        return ServiceLine("Alerts", "ok", "none is open")
    tone = "bad" if found[0].severity == "critical" else "warn"
    return ServiceLine("Alerts", tone, f"{len(found)} open", min(alert.first_seen_at for alert in found))


def _screens() -> ServiceLine:
    seen = watched()
    troubled = [one.name for one in seen if one.trouble]
    if troubled:
        return ServiceLine("Screens", "warn", f"{', '.join(troubled[:3])}: off, frozen or lying")
    return ServiceLine("Screens", "ok", f"{len(seen)} tell of themselves" if seen else "none tells of itself")
