"""The worker's part of schedules: each turn makes one contest of those that start within a day."""

from app.audit.rules import SYSTEM
from app.contests.service.scheduling import make_scheduled
from app.core.jobs import Every


def make_due() -> bool:
    return make_scheduled(by=SYSTEM)


make_scheduled_due = Every(5, make_due)
