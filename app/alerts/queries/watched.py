"""Rules that the database answers: the audit chain, workers, secrets, and budgets that burn."""

from collections.abc import Sequence
from datetime import timedelta

from app.alerts.queries.breakers import breaker
from app.alerts.queries.budgets import burning
from app.alerts.rules.breakers import GUARDS, found_open
from app.alerts.rules.found import Found
from app.alerts.rules.services import SERVICES
from app.audit.queries import CHECK_EVERY, chain_state
from app.core.beats import beats
from app.core.clock import database_now
from app.core.formats import duration
from app.staff.queries import clients

LATE = 2 * CHECK_EVERY
ENDS_SOON = timedelta(days=14)


def audit_broken() -> Sequence[Found]:
    state = chain_state()
    if state.fault is None:
        return []
    step = "Find who rewrote the log, and restore it from a backup"
    return [Found("audit:chain", "critical", "The audit log was tampered with", state.sentence, step, link="/audit")]


def audit_unverified() -> Sequence[Found]:
    state, now = chain_state(), database_now()
    if not state.head_seq or state.verified_at is None or now - state.verified_at <= LATE:
        return []
    what = f"The audit chain was last verified {duration((now - state.verified_at).total_seconds())} ago"
    return [Found("audit:late", "warning", "Audit log is not verified", what, "Verify it on its page", link="/audit")]


def breakers_open() -> Sequence[Found]:
    """Also one that nobody computes any more, and one whose alert somebody closed by hand."""
    states = [breaker(name) for name in GUARDS]
    return [found_open(one) for one in states if one is not None and one.is_open]


def workers_silent() -> Sequence[Found]:
    return [
        Found(
            f"worker:{beat.name}", "warning", "A worker fell silent",
            f"{beat.name} on {beat.host} last beat at {beat.beat_at:%F %T} UTC, at {beat.step or 'rest'}",
            "See why it ended; the others do its work",
        )
        for beat in beats() if beat.is_silent
    ]  # fmt: skip


def keys_end_soon() -> Sequence[Found]:
    soon = database_now() + ENDS_SOON
    return [
        Found(
            f"secret:client:{line.id}", "warning", f"Key of {line.name} runs out",
            f"The key of {line.name} is refused from {line.expires_at:%F %T} UTC on",
            f"Give it a new key on the page of clients, or by `flask staff rotate-client {line.name}`",
            link="/settings/clients",
        )
        for line in clients() if line.expires_at and line.expires_at < soon and line.revoked_at is None
    ]  # fmt: skip


def budgets_burning() -> Sequence[Found]:
    return [
        Found(
            f"budget:{one.target.name}", one.window.severity,
            f"{SERVICES[one.target.service].label}: {one.target.label.lower()} burns its budget",
            f"{SERVICES[one.target.service].label} {one.target.label.lower()}: "
            f"{one.long.bad} of {one.long.total} {one.target.unit} failed in {duration(one.window.long_min * 60)}, "
            f"{one.short.bad} of {one.short.total} in {duration(one.window.short_min * 60)}: "
            f"at least {one.window.rate} times faster than the promise allows",
            "Find what fails and stop it", link="/services",
        )
        for one in burning()
    ]  # fmt: skip
