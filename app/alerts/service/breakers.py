"""Changing a breaker: what the program computes, what a person forces for a while, and when that while is over."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.alerts.models import Breaker, BreakerTransition
from app.alerts.queries import computed_of, forced_of
from app.alerts.rules.breakers import GUARDS, STATES, BreakerState, at_moment, fingerprint, found_open
from app.alerts.service.alerting import note_alert, settle_alert
from app.audit.rules import SYSTEM, Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db

LONGEST_MINUTES = 24 * 60
UNREPORTED = "Nothing was reported yet"


class NoSuchBreaker(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is no breaker {name}.", f"There are: {', '.join(GUARDS)}.", status=404)


def report_breaker(
    name: str, computed: str, *, reason: str | None, next_probe_at: datetime | None, now: datetime
) -> BreakerState:
    """Takes in what was computed at `now`. Telling the same state again moves nothing but the next probe."""
    row, before = _hold(name, now)
    was = row.computed
    if was == computed and row.computed_reason != UNREPORTED:
        row.next_probe_at = next_probe_at
        db.session.commit()
        return before
    row.computed, row.computed_reason, row.computed_at, row.next_probe_at = computed, reason, now, next_probe_at
    _note(name, "computed", was, computed, reason=reason, by=SYSTEM, at=now)
    return _settled(row, before, "report", by=SYSTEM, reason=reason)


def force_breaker(
    name: str, *, state: str, reason: str, minutes: int, by: Actor, radius: str | None = None
) -> BreakerState:
    """Makes the state count for so many minutes, whatever is computed meanwhile; `radius` was seen to be held up."""
    _refuse_unusable(state, reason, minutes)
    row, before = _hold(name)
    now = database_now()
    until, was = now + timedelta(minutes=minutes), before.forced.state if before.forced else None
    row.forced, row.forced_reason, row.forced_by, row.forced_at, row.forced_until = state, reason, by.name, now, until
    _note(name, "forced", was, state, reason=reason, by=by, at=now, until=until)
    return _settled(row, before, "force", by=by, reason=reason, radius=radius)


def release_breaker(name: str, *, by: Actor, reason: str) -> BreakerState:
    """Lets the computed state count again."""
    if not reason.strip():
        raise Refusal("Releasing a breaker needs a reason.", "Write one sentence.", status=422)
    row, before = _hold(name)
    if before.forced is None:
        raise Refusal(f"Nobody forces the {name} breaker: it is {before.state} as computed.", "Nothing to release.")
    _end_forced(row, reason=reason, by=by, at=database_now())
    return _settled(row, before, "release", by=by, reason=reason)


def end_expired() -> bool:
    """Ends the forced states whose time is over; whether there was one."""
    over = select(Breaker.name).where(Breaker.forced_until <= database_now()).order_by(Breaker.name).limit(1)
    name = db.session.scalars(over).one_or_none()
    if name is None:
        return False
    row, _ = _hold(name)
    forced = forced_of(row)
    if forced is None or forced.until > database_now():
        db.session.rollback()
        return False
    before, reason = BreakerState(name, computed_of(row), forced), "The time it was forced for is over"
    _end_forced(row, reason=reason, by=SYSTEM, at=forced.until)
    _settled(row, before, "expire", by=SYSTEM, reason=reason)
    return True


def _refuse_unusable(state: str, reason: str, minutes: int) -> None:
    if state not in STATES:
        raise Refusal(f"A breaker cannot be {state}.", f"It is one of {', '.join(STATES)}.", status=422)
    if not reason.strip():
        raise Refusal("Forcing a breaker needs a reason.", "Write one sentence.", status=422)
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Refusal(f"A breaker is forced for 1 to {LONGEST_MINUTES} minutes.", "Choose a shorter time.", status=422)


def _hold(name: str, first_told_at: datetime | None = None) -> tuple[Breaker, BreakerState]:
    """The breaker, locked until the end of the transaction, and what it says at this moment."""
    if name not in GUARDS:
        raise NoSuchBreaker(name)
    wanted = select(Breaker).where(Breaker.name == name).with_for_update().execution_options(populate_existing=True)
    row = db.session.scalars(wanted).one_or_none()
    if row is None:
        _begin(name, first_told_at or database_now())
        row = db.session.scalars(wanted).one()
    return row, at_moment(name, computed_of(row), forced_of(row), database_now())


def _begin(name: str, at: datetime) -> None:
    """A breaker is open until something says otherwise."""
    first = {"name": name, "computed": "open", "computed_reason": UNREPORTED, "computed_at": at}
    made = insert(Breaker).values(first).on_conflict_do_nothing().returning(Breaker.name)
    if db.session.execute(made).one_or_none():
        _note(name, "computed", None, "open", reason=UNREPORTED, by=SYSTEM, at=at)


def _end_forced(row: Breaker, *, reason: str, by: Actor, at: datetime) -> None:
    _note(row.name, "forced", row.forced, None, reason=reason, by=by, at=at)
    row.forced = row.forced_reason = row.forced_by = row.forced_at = row.forced_until = None


def _note(
    name: str, kind: str, was: str | None, becomes: str | None, *, reason: str | None, by: Actor, at: datetime,
    until: datetime | None = None,
) -> None:  # fmt: skip
    db.session.add(
        BreakerTransition(
            breaker=name, kind=kind, from_state=was, to_state=becomes, reason=reason, by=by.name, at=at, until=until
        )
    )


def _settled(
    row: Breaker, before: BreakerState, verb: str, *, by: Actor, reason: str | None, radius: str | None = None
) -> BreakerState:
    """Raises or resolves the alert, writes the audit row and commits; the caller tells the open pages."""
    after = at_moment(row.name, computed_of(row), forced_of(row), database_now())
    if after.is_open:
        _raise(after, by)
    else:
        settle_alert(fingerprint(row.name), by=by, reason=after.reason)
    record(
        f"alerts:breaker:{verb}", object_type="breaker", object_id=row.name, by=by,
        before=_facts(before), after=_facts(after) | ({"blast_radius": radius} if radius else {}), reason=reason,
    )  # fmt: skip
    db.session.commit()
    return after


def _raise(state: BreakerState, by: Actor) -> None:
    found = found_open(state)
    note_alert(
        found.fingerprint, severity=found.severity, subject=found.subject, what=found.what, next_step=found.next_step,
        by=by,
    )  # fmt: skip


def _facts(state: BreakerState) -> dict[str, str | None]:
    forced = state.forced
    return {
        "effective": state.state, "computed": state.computed.state, "forced": forced.state if forced else None,
        "until": forced.until.isoformat() if forced else None,
    }  # fmt: skip
