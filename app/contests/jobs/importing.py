"""The worker's part of an import: take one file that waits, look at it or import it, all in one transaction."""

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from app.contests.queries.due import import_due
from app.contests.service.import_work import carry_out, give_up, look_at
from app.core import live
from app.core.progress import forget, kept

log = structlog.get_logger(__name__)


def import_handed_in() -> bool:
    """Whether there was one. The row lock is kept to the commit: a killed worker's file is free at once."""
    waiting = import_due()
    if waiting is None:
        return False
    import_id, progress = waiting.id, kept("import", waiting.id)
    try:
        if waiting.state == "received":
            look_at(waiting, progress=progress)
        else:
            carry_out(waiting, progress=progress)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("import broke", import_id=import_id)
        give_up(import_id)
    finally:
        forget("import", import_id)
    live.emit("import.changed", {"id": import_id})
    return True
