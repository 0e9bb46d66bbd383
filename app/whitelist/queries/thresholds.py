"""The thresholds that facts of tokens are judged by, and those that were."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select

from app.core.extensions import db
from app.whitelist.models import WhitelistThreshold
from app.whitelist.rules.thresholds import Thresholds

SHOWN = 20
NAMES = tuple(one.name for one in fields(Thresholds))


@dataclass(frozen=True)
class Version:
    version: int
    least: Thresholds
    reason: str
    saved_by: str
    saved_at: datetime


def thresholds_in_use() -> Version:
    return threshold_versions(1)[0]


def threshold_versions(limit: int = SHOWN) -> Sequence[Version]:
    """The one in use first. There is always one."""
    found = select(WhitelistThreshold).order_by(WhitelistThreshold.version.desc()).limit(limit)
    return [
        Version(one.version, Thresholds(**{name: getattr(one, name) for name in NAMES}), one.reason, one.saved_by,
                one.saved_at)
        for one in db.session.scalars(found)
    ]  # fmt: skip
