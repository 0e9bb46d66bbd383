"""The worker looks at the whole chain once an hour."""

import structlog

from app.audit import queries, service
from app.core.jobs import Every

log = structlog.get_logger(__name__)


def verify_hourly() -> bool:
    if not queries.is_check_due():
        return False
    verdict = service.verify()
    if verdict.fault is not None:
        log.error("audit chain broken", seq=verdict.fault.seq, fault=str(verdict.fault))
    return True


STEPS = (Every(60, verify_hourly),)
