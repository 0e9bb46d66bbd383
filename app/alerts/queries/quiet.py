"""Which open alerts are kept quiet: snoozed, silenced, or muted because they follow from a service that is down."""

from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    TableValuedAlias,
    Text,
    and_,
    any_,
    case,
    column,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from app.alerts.models import Alert, MaintenanceWindow, Silence
from app.alerts.queries.maintenance import in_force as maintained_now
from app.alerts.rules.kinds import FOLLOWING, MUTING
from app.alerts.rules.services import SERVICES, dependents_of

NOW = func.clock_timestamp()


@cache
def is_quiet() -> ColumnElement[bool]:
    return or_(is_snoozed(), is_maintained(), silence_of().is_not(None), muted_by().is_not(None))


def is_snoozed() -> ColumnElement[bool]:
    return func.coalesce(Alert.snoozed_until > NOW, literal(False))


def is_maintained() -> ColumnElement[bool]:
    """Whether announced work on its service is under way; what stands whatever else is wrong stands here too."""
    window = select(MaintenanceWindow.id).where(maintained_now(), Alert.service == any_(MaintenanceWindow.services))
    return and_(func.split_part(Alert.fingerprint, ":", 1).in_(FOLLOWING), window.correlate(Alert).exists())


def silence_of() -> ColumnElement[Any]:
    """The id of the silence that hides the alert and ends last."""
    matching = select(Silence.id).where(in_force(), matches(Silence.service, Silence.severity, Silence.words))
    return matching.order_by(Silence.ends_at.desc(), Silence.id).limit(1).correlate(Alert).scalar_subquery()


def in_force() -> ColumnElement[bool]:
    return and_(Silence.ended_at.is_(None), Silence.ends_at > NOW)


def matches(service: Any, severity: Any, words: Any) -> ColumnElement[bool]:
    """Whether the alert is one that these three mean; each may be a column or a value, and None means all."""
    told = func.lower(Alert.subject + " " + Alert.fingerprint + " " + Alert.what)
    return and_(
        or_(_is_none(service), Alert.service == service),
        or_(_is_none(severity), Alert.severity == severity),
        or_(_is_none(words), func.strpos(told, words) > 0),
    )


def _is_none(wanted: Any) -> ColumnElement[bool]:
    return literal(wanted is None) if isinstance(wanted, str | None) else wanted.is_(None)


@cache
def muted_by() -> ColumnElement[Any]:
    """The deepest service that is down and that the alert's own service needs."""
    muting, other = _muting(), aliased(Alert)
    found = (
        select(muting.c.down)
        .join(other, other.fingerprint == muting.c.fingerprint)
        .where(other.resolved_at.is_(None), muting.c.child == Alert.service)
        .order_by(muting.c.depth)
        .limit(1)
        .correlate(Alert)
        .scalar_subquery()
    )
    return case((func.split_part(Alert.fingerprint, ":", 1).in_(FOLLOWING), found), else_=None)


def _muting() -> TableValuedAlias:
    """Which alert mutes whose; by `unnest`, because a statement with VALUES is compiled anew each time."""
    order = list(SERVICES)
    rows = [
        (fingerprint, child, down, order.index(down))
        for fingerprint, down in MUTING.items() for child in dependents_of(down)
    ]  # fmt: skip
    names = {"fingerprint": Text, "child": Text, "down": Text, "depth": Integer}
    told = zip(names.values(), zip(*rows, strict=True), strict=True)
    lists: list[Any] = [literal(list(values), ARRAY(kind)) for kind, values in told]
    return (
        func.unnest(*lists)
        .table_valued(*(column(name, kind) for name, kind in names.items()), name="muting")
        .render_derived()
    )
