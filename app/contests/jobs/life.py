"""The worker's part of a contest's life: what is due by the database's clock, one contest and one transaction each."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from app.audit.rules import SYSTEM
from app.contests.queries import due
from app.contests.queries.due import Due
from app.contests.queries.using import tokens_at_an_edge
from app.contests.service import life
from app.contests.service.life import Moved
from app.contests.service.locking import ContestBusy
from app.contests.service.steps import MarketHalted
from app.contests.service.trouble import note_failure
from app.core import live
from app.core.extensions import settings
from app.core.jobs import Every, is_outage
from app.whitelist.service.watching import hurry

log = structlog.get_logger(__name__)
NEAR = timedelta(minutes=5)
LOOK_EVERY_S = 20


def start_due() -> bool:
    return _take(due.start_due(timedelta(seconds=settings().contest_start_grace)), life.start)


def end_due() -> bool:
    return _take(due.end_due(), life.end)


def check_due() -> bool:
    return _take(due.check_due(), life.check_prices)


def finish_due() -> bool:
    return _take(due.final_due(), life.finish)


def look_before_it_counts() -> bool:
    """The chain is asked about tokens again just before a contest starts with them, or is settled."""
    hurry(tokens_at_an_edge(NEAR))
    return False


look_before_it_counts_due = Every(LOOK_EVERY_S, look_before_it_counts)


def _take(found: Due | None, command: Callable[..., Moved]) -> bool:
    """Whether there was one. Its row is locked to the commit: two workers never do it twice."""
    if found is None:
        return False
    try:
        moved = command(found.code, by=SYSTEM)
        log.info("contest moved", code=moved.code, state=moved.state)
    except MarketHalted as halted:
        log.info("start waits", code=found.code, why=halted.what)
        return False
    except ContestBusy:
        raise
    except Exception as error:
        if is_outage(error):
            raise
        log.exception("contest stumbled", code=found.code)
        note_failure(found.code, error)
    live.emit("contest.changed", {"code": found.code})
    return True
