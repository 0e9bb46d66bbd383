"""Announced work: what is paused now, and what will be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from app.alerts.models import MaintenanceWindow
from app.core.extensions import db

NOW = func.clock_timestamp()
LISTED = 20


@dataclass(frozen=True)
class WindowLine:
    id: int
    services: Sequence[str]
    starts_at: datetime
    ends_at: datetime
    reason: str
    announced_by: str
    is_now: bool


def in_force() -> ColumnElement[bool]:
    window = MaintenanceWindow
    return and_(window.ended_at.is_(None), window.starts_at <= NOW, window.ends_at > NOW)


def maintenance() -> Sequence[WindowLine]:
    """What is announced and not over, the one that begins first on top."""
    window = MaintenanceWindow
    columns = (window.id, window.services, window.starts_at, window.ends_at, window.reason, window.announced_by)
    found = select(*columns, window.starts_at <= NOW).where(window.ended_at.is_(None), window.ends_at > NOW)
    return [WindowLine(*row) for row in db.session.execute(found.order_by(window.starts_at, window.id).limit(LISTED))]


def paused_services() -> frozenset[str]:
    found = db.session.scalars(select(MaintenanceWindow.services).where(in_force()))
    return frozenset(name for services in found for name in services)
