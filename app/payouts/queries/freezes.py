"""Whether payouts stand still, why, and how often that was looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from app.core.extensions import db
from app.payouts.models import Freeze, Reconciliation
from app.staff.queries import name_of

SHOWN = 50


@dataclass(frozen=True)
class FreezeLine:
    """`lift_asked_by` is an account; `lifter` agreed with who asked, and it was over."""

    id: int
    kind: str
    about: str
    reason: str
    frozen_by: str
    frozen_at: datetime
    lift_asked_by: int | None
    lift_asker: str | None
    lift_asked_at: datetime | None
    lift_reason: str | None
    lifter: str | None
    lifted_at: datetime | None


@dataclass(frozen=True)
class ReconciliationLine:
    at: datetime
    movements: int
    differences: list[dict[str, Any]]


def is_frozen() -> bool:
    return db.session.scalars(select(Freeze.id).where(Freeze.lifted_at.is_(None)).limit(1)).first() is not None


def open_freezes() -> list[FreezeLine]:
    """What nobody has explained yet, oldest first."""
    wanted = _freezes().where(Freeze.lifted_at.is_(None)).order_by(Freeze.id).limit(SHOWN)
    return [FreezeLine(*row) for row in db.session.execute(wanted)]


def freeze_by_id(freeze_id: int) -> FreezeLine | None:
    """Also one that is over."""
    row = db.session.execute(_freezes().where(Freeze.id == freeze_id)).one_or_none()
    return None if row is None else FreezeLine(*row)


def last_reconciliation() -> ReconciliationLine | None:
    wanted = select(Reconciliation.at, Reconciliation.movements, Reconciliation.differences)
    row = db.session.execute(wanted.order_by(Reconciliation.id.desc()).limit(1)).one_or_none()
    return None if row is None else ReconciliationLine(*row)


def is_reconciliation_due(seconds: int) -> bool:
    """By the database's clock, so that any number of workers compare once a minute together."""
    last = select(func.max(Reconciliation.at)).scalar_subquery()
    due = select(func.coalesce(last < func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, 0, seconds), True))
    return bool(db.session.execute(due).scalar_one())


def _freezes() -> Select[Any]:
    return select(
        Freeze.id, Freeze.kind, Freeze.about, Freeze.reason, Freeze.frozen_by, Freeze.frozen_at, Freeze.lift_asked_by,
        name_of(Freeze.lift_asked_by), Freeze.lift_asked_at, Freeze.lift_reason, name_of(Freeze.lifted_by),
        Freeze.lifted_at,
    )  # fmt: skip
