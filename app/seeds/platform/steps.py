"""What the simulated platform does, each asked in turn as a worker's steps are; what it learns next joins here."""

from collections.abc import Callable

from app.core.jobs import Every
from app.seeds.platform.disputing import dispute_next
from app.seeds.platform.making import Maker
from app.seeds.platform.trading import Traders
from clients.degenduel import DegenDuel


def steps(ops: DegenDuel) -> tuple[Callable[[], bool], ...]:
    return Every(1, Maker(ops)), Every(1, Traders(ops)), Every(2, dispute_next)
