"""`flask simulate`"""

import signal
import threading

import click
from flask.cli import with_appcontext

from app.core import jobs, schema
from app.core.errors import Refusal
from app.core.extensions import db, settings
from app.core.plainly import plainly


@click.command("simulate")
@with_appcontext
def simulate() -> None:
    """Be the players' site of the demo: make short contests and play them, until told to stop."""
    from app.seeds import demo
    from app.seeds.platform.calling import calling
    from app.seeds.platform.steps import steps

    with plainly(settings()):
        if settings().database_url:
            raise Refusal("DATABASE_URL is set.", "The simulated platform plays on the embedded database: unset it.")
        schema.ensure_ready()
        if not demo.is_planted():
            raise Refusal("This database is not a demo.", "Put the demo state into an empty one with `flask seed`.")
        db.session.remove()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with calling(settings().url) as ops:
        jobs.run(steps(ops), stop)
