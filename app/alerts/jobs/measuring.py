"""Measures every promise of every domain since the last look, once, whichever worker looks first."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from flask import current_app
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from app.alerts import service
from app.alerts.queries.budgets import measured_until
from app.alerts.rules.found import Measured
from app.core import traffic
from app.core.extensions import db

log = structlog.get_logger(__name__)
LONGEST_LOOK = timedelta(hours=1)
DESK = (
    "alerts", "audit", "clients", "contests", "market", "overview", "payouts", "people", "referrals", "screens",
    "staff", "tokens", "webhooks",
)  # fmt: skip
"""Parts of the program whose pages people wait for."""


def measure() -> bool:
    known, now = measured_until()
    if not service.claim_measuring(known, until=now) or known is None:
        return False  # the first look only begins: what was before the program was there is nobody's promise
    since = max(known, now - LONGEST_LOOK)
    measured: list[Measured] = []
    for one in current_app.extensions["watched"]("MEASURES"):
        try:
            measured += one(since, now)
        except (SQLAlchemyError, RedisError) as error:
            log.warning("not measured", what=one.__name__, problem=type(error).__name__)
            db.session.rollback()
    service.keep_measured(measured, until=now)
    return False


def pages_answered(_since: datetime, _until: datetime) -> Sequence[Measured]:
    good, bad = traffic.taken(DESK)
    return [Measured("desk.pages", good, good + bad)]
