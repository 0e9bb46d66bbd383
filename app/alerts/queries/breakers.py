"""Reading breakers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.alerts.models import Breaker, BreakerTransition
from app.alerts.rules.breakers import BreakerState, Computed, Forced, at_moment
from app.core.extensions import db

SHOWN = 20


@dataclass(frozen=True)
class Change:
    """One change of the computed or of the forced state; `to_state` is None when a forced one ended."""

    id: int
    kind: str
    from_state: str | None
    to_state: str | None
    reason: str | None
    by: str
    until: datetime | None
    at: datetime


def breaker(name: str) -> BreakerState | None:
    """As it is now by the database clock; None while nothing was ever computed or forced."""
    found = select(Breaker, func.clock_timestamp()).where(Breaker.name == name)
    row = db.session.execute(found.execution_options(populate_existing=True)).one_or_none()
    return at_moment(name, computed_of(row[0]), forced_of(row[0]), row[1]) if row else None


def breaker_at(name: str, moment: datetime) -> BreakerState | None:
    """As it was then; None when nothing had been computed by then."""
    computed, forced = (_last_change(name, kind, moment) for kind in ("computed", "forced"))
    if computed is None or computed.to_state is None:
        return None
    was = Computed(computed.to_state, computed.reason, computed.at)
    if forced is None or forced.to_state is None or forced.until is None:
        return BreakerState(name, was, None)
    wanted = Forced(forced.to_state, forced.reason or "", forced.at, forced.by, forced.until)
    return at_moment(name, was, wanted, moment)


def _last_change(name: str, kind: str, moment: datetime) -> BreakerTransition | None:
    found = select(BreakerTransition).where(
        BreakerTransition.breaker == name, BreakerTransition.kind == kind, BreakerTransition.at <= moment
    )
    newest = found.order_by(BreakerTransition.at.desc(), BreakerTransition.id.desc()).limit(1)
    return db.session.scalars(newest).one_or_none()


def breaker_changes(name: str, limit: int = SHOWN) -> Sequence[Change]:
    """The newest first."""
    columns = [getattr(BreakerTransition, field) for field in Change.__dataclass_fields__]
    found = select(*columns).where(BreakerTransition.breaker == name).order_by(BreakerTransition.id.desc())
    return [Change(*row) for row in db.session.execute(found.limit(limit))]


def computed_of(row: Breaker) -> Computed:
    return Computed(row.computed, row.computed_reason, row.computed_at, row.next_probe_at)


def forced_of(row: Breaker) -> Forced | None:
    if row.forced is None or row.forced_at is None or row.forced_until is None:
        return None
    return Forced(row.forced, row.forced_reason or "", row.forced_at, row.forced_by or "", row.forced_until)
