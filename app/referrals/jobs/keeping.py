"""Clicks of this machine's disk, periods, and what is made ahead and forgotten in time."""

import structlog
from flask import Flask, current_app

from app.audit.rules import SYSTEM
from app.core.clock import database_now
from app.core.extensions import settings
from app.referrals.intake.replaying import Replayer
from app.referrals.service.hash_keys import forget_keys, matching_keys
from app.referrals.service.months import forget_clicks, forget_visits, make_months
from app.referrals.service.periods import turn_periods

log = structlog.get_logger(__name__)


def replay_clicks() -> bool:
    """Whether clicks waited on this machine's disk."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # current_app is typed as Flask, and is a proxy
    replayer = Replayer(app)
    return replayer.spool.is_waiting() and replayer.replay() > 0


def turn_of_period() -> bool:
    return turn_periods(database_now(), kind=settings().referral_periods, by=SYSTEM)


def make_ahead() -> bool:
    """Tables of the months to come, and the key of this epoch."""
    matching_keys()
    return make_months(database_now())


def forget_old() -> bool:
    now = database_now()
    gone = forget_clicks(now, by=SYSTEM)
    if gone or forget_keys(now, by=SYSTEM):
        log.info("old clicks and keys forgotten", months=gone)
    return forget_visits(now)
