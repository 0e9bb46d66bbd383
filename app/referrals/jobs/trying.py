"""Doing one row's work, and writing down when it fails."""

from collections.abc import Callable

import structlog

from app.core.extensions import db
from app.core.jobs import is_outage
from app.referrals.service.failing import note_failure

log = structlog.get_logger(__name__)


def tried(kind: str, number: int, act: Callable[[], object]) -> None:
    """What fails is tried again after a pause; an outage of the database is nobody's failure."""
    try:
        act()
    except Exception as error:
        db.session.rollback()
        if is_outage(error):
            raise
        is_dead = note_failure(kind, number, f"{type(error).__name__}: {error}")
        log.exception("referral work failed", kind=kind, number=number, given_up=is_dead)
