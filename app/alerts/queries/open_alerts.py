"""The alerts that are open, for lists, panels, menus and walls."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, text, tuple_

from app.alerts.models import Alert
from app.alerts.queries.quiet import is_maintained, is_quiet, is_snoozed, muted_by, silence_of
from app.alerts.rules.alerts import WEIGHTS
from app.alerts.rules.kinds import FOLLOWING
from app.core.extensions import db
from app.core.paging import Page, Place, page

SHOWN = 20
LISTED = 50
VIEWS = ("active", "acknowledged", "quiet", "past")


@dataclass(frozen=True)
class OpenAlert:
    id: int
    fingerprint: str
    state: str
    severity: str
    subject: str
    what: str
    next_step: str
    count: int
    first_seen_at: datetime
    last_seen_at: datetime
    acknowledged_by: str | None
    acknowledged_until: datetime | None
    assigned_to: str | None
    service: str
    link: str | None


@dataclass(frozen=True)
class AlertLine(OpenAlert):
    """`silence_id` and `muted_by` say what keeps it quiet, and so does `snoozed_until` while it is ahead."""

    acknowledged_at: datetime | None
    resolved_at: datetime | None
    resolved_by: str | None
    snoozed_until: datetime | None
    snoozed_by: str | None
    is_snoozed: bool
    is_maintained: bool
    silence_id: int | None
    muted_by: str | None
    weight: int


@dataclass(frozen=True)
class AlertCounts:
    """`active` need somebody; `quiet` are snoozed, silenced or muted."""

    active: int
    acknowledged: int
    quiet: int
    critical: int
    warning: int


def open_alerts(limit: int = SHOWN) -> Sequence[OpenAlert]:
    """Those that are not kept quiet: the worst first, of those the one seen last."""
    found = select(*_columns(OpenAlert)).where(Alert.resolved_at.is_(None), ~is_quiet())
    worst = found.order_by(_weight().desc(), Alert.last_seen_at.desc(), Alert.id.desc()).limit(limit)
    return [OpenAlert(*row) for row in db.session.execute(worst)]


def alert_counts() -> AlertCounts:
    kinds = select(Alert.state == "acknowledged", is_quiet(), Alert.severity, func.count())
    found = db.session.execute(kinds.where(Alert.resolved_at.is_(None)).group_by(text("1, 2"), Alert.severity)).all()
    loud: Counter[str] = Counter()
    for acknowledged, quiet, severity, count in found:
        loud[severity] += 0 if acknowledged or quiet else count
    return AlertCounts(
        loud.total(), sum(count for acknowledged, *_, count in found if acknowledged),
        sum(count for acknowledged, quiet, _, count in found if quiet and not acknowledged),
        loud["critical"], loud["warning"],
    )  # fmt: skip


def active_count() -> Any:
    """As part of a statement: how many alerts fire that nobody looks after and nothing keeps quiet."""
    found = select(func.count()).where(Alert.resolved_at.is_(None), Alert.state == "firing", ~is_quiet())
    return found.scalar_subquery()


def alert_list(view: str, at: Place, *, size: int = LISTED) -> Page[AlertLine]:
    """One page of a view: open ones the worst first and of those the newest, past ones the newest first."""
    weight = literal(0) if view == "past" else _weight()
    found = _lines(weight).where(_view(view))
    if at.key:
        here, there = tuple_(weight, Alert.id), tuple_(*map(literal, at.key))
        found = found.where(here > there if at.backwards else here < there)
    order = (weight.asc(), Alert.id.asc()) if at.backwards else (weight.desc(), Alert.id.desc())
    rows = [AlertLine(*row) for row in db.session.execute(found.order_by(*order).limit(size + 1))]
    return page(rows, at, size, lambda line: (line.weight, line.id))


def longest_acknowledged(limit: int = SHOWN) -> Sequence[AlertLine]:
    """Those somebody looks after, whoever has done so longest first."""
    found = _lines(_weight()).where(_view("acknowledged")).order_by(Alert.acknowledged_at, Alert.id).limit(limit)
    return [AlertLine(*row) for row in db.session.execute(found)]


def last_resolved_at() -> datetime | None:
    """When the last alert ended; None when there never was one."""
    newest = select(Alert.resolved_at).where(Alert.resolved_at.is_not(None))
    newest = newest.order_by(Alert.resolved_at.desc(), Alert.id.desc()).limit(1)
    return db.session.scalars(newest).one_or_none()


def alert_by_id(alert_id: int) -> AlertLine | None:
    row = db.session.execute(_lines(_weight()).where(Alert.id == alert_id)).one_or_none()
    return None if row is None else AlertLine(*row)


def muted(line: AlertLine, down: str) -> AlertLine:
    """The line as it is while a service is down that nobody could write down, the database itself."""
    if line.resolved_at is not None or line.fingerprint.partition(":")[0] not in FOLLOWING:
        return line
    return replace(line, muted_by=down)


def matched_by(condition: ColumnElement[bool], *, limit: int = SHOWN) -> Sequence[OpenAlert]:
    """Open alerts that a condition means, the worst first."""
    found = select(*_columns(OpenAlert)).where(Alert.resolved_at.is_(None), condition)
    ordered = found.order_by(_weight().desc(), Alert.id.desc()).limit(limit)
    return [OpenAlert(*row) for row in db.session.execute(ordered)]


def _view(view: str) -> ColumnElement[bool]:
    is_open, acknowledged = Alert.resolved_at.is_(None), Alert.state == "acknowledged"
    return {
        "active": and_(is_open, ~acknowledged, ~is_quiet()),
        "acknowledged": and_(is_open, acknowledged),
        "quiet": and_(is_open, ~acknowledged, is_quiet()),
        "past": Alert.resolved_at.is_not(None),
    }[view]


def _lines(weight: ColumnElement[int]) -> Select[Any]:
    own = [name for name in AlertLine.__dataclass_fields__ if hasattr(Alert, name)]
    special = {
        "is_snoozed": is_snoozed(), "is_maintained": is_maintained(), "silence_id": silence_of(),
        "muted_by": muted_by(), "weight": weight,
    }  # fmt: skip
    return select(*(getattr(Alert, name) for name in own), *special.values())


def _columns(kind: type[OpenAlert]) -> list[Any]:
    return [getattr(Alert, name) for name in kind.__dataclass_fields__]


def _weight() -> ColumnElement[int]:
    return case(*((Alert.severity == severity, weight) for severity, weight in WEIGHTS.items()))
