"""The days of the live market: their tables are made ahead, and go when they are old."""

import structlog
from sqlalchemy.exc import OperationalError

from app.core.clock import database_now
from app.core.extensions import db
from app.core.jobs import Every
from app.market.queries.latest import CACHE
from app.market.queries.promised import calls, latency, market_silent, uptime
from app.market.service.retention import forget
from app.market.service.storing import make_days

log = structlog.get_logger(__name__)
DAYS_EVERY_S, FORGET_EVERY_S = 600, 3600


def days_ahead() -> bool:
    return make_days(database_now())


def forget_old() -> bool:
    """Whether something was old; a table that somebody reads right now goes the next time."""
    try:
        gone = forget(database_now())
    except OperationalError as error:
        db.session.rollback()
        log.info("old prices are in use", problem=str(error.orig)[:200])
        return False
    if gone:
        log.info("old prices forgotten", tables=[span.name for span in gone])
    return bool(gone)


STEPS = (Every(DAYS_EVERY_S, days_ahead), Every(FORGET_EVERY_S, forget_old))
RULES = (market_silent,)
MEASURES = (uptime, latency, calls)
CACHES = (CACHE,)
