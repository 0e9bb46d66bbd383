"""How a command ends when it cannot go on: with a sentence and exit code 1, never with a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from app.config import Config
from app.core import schema
from app.core.engines import EngineUnusable
from app.core.errors import Refusal, say_and_exit
from app.core.extensions import settings


@contextmanager
def ready() -> Iterator[None]:
    """For a command that works on the database: it is there and has our tables, or a sentence says what to do."""
    with plainly(settings()):
        schema.ensure_ready()
        yield


@contextmanager
def plainly(config: Config) -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        say_and_exit(refusal)
    except (psycopg.OperationalError, OperationalError) as error:
        say_and_exit(about_database(error, config))


def about_database(error: Exception, config: Config) -> Refusal:
    cause = error.orig if isinstance(error, OperationalError) and error.orig else error
    if isinstance(cause, EngineUnusable):
        return Refusal(str(cause))
    reason = " ".join(str(cause).split())
    if not config.database_url:
        return Refusal(f"The embedded PostgreSQL does not serve us: {reason}.", "Look with `flask engines status`.")
    return Refusal(
        f"The database at {shown(config.database_url)} does not serve us: {reason}.",
        "Check DATABASE_URL, and that the server runs and lets this machine in.",
    )


def shown(address: str) -> str:
    """An address without its password."""
    return make_url(address).set(drivername="postgresql").render_as_string(hide_password=True)
