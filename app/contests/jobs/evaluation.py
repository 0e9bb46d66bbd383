"""The worker's part of an evaluation: take one contest that is due, evaluate it, all in one transaction."""

import structlog

from app.audit.rules import SYSTEM
from app.contests.queries.due import contest_due
from app.contests.service.evaluation import evaluate, fail
from app.contests.service.locking import ContestBusy
from app.contests.service.steps import MarketHalted
from app.contests.service.trouble import note_failure
from app.core import live
from app.core.errors import Refusal
from app.core.jobs import is_outage
from app.core.progress import forget, kept

log = structlog.get_logger(__name__)


def evaluate_due() -> bool:
    """Whether there was one. The row lock is kept to the commit: a killed worker's contest is free at once."""
    row = contest_due()
    if row is None:
        return False
    try:
        outcome = evaluate(row.code, by=SYSTEM, progress=kept("evaluation", row.id))
        log.info("contest evaluated", code=row.code, outcome=outcome.kind, version=outcome.version)
    except MarketHalted as halted:
        log.info("evaluation waits", code=row.code, why=halted.what)
        return False
    except ContestBusy:
        raise
    except Refusal as refusal:
        note_failure(row.code, refusal)
    except Exception as error:
        if is_outage(error):
            raise
        log.exception("evaluation broke", code=row.code)
        fail(row.code, error)
    finally:
        forget("evaluation", row.id)
    live.emit("contest.evaluated", {"code": row.code})
    return True
