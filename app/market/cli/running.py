"""`flask market run`"""

import signal
from threading import Event

import structlog

from app.core import engines
from app.core.extensions import settings
from app.core.plainly import ready
from app.market.cli import group

log = structlog.get_logger(__name__)


@group.command("run")
def run_command() -> None:
    """Turn accepted ticks into frames, candles and stored history, until told to stop. A second one stands by."""
    from app.market.engine.running import run  # numpy comes with it, which no other process needs

    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with ready():
        if not settings().redis_url:
            engines.ensure_valkey(settings().instance_path)
        log.info("market started")
        run(stop)
    log.info("market stopped")
