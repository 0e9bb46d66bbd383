"""A database that is really away, for one application alone."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from flask import Flask
from sqlalchemy.engine import make_url

END = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND usename = current_user"


@contextmanager
def database_away(app: Flask) -> Iterator[None]:
    """Nobody gets in, and who is in is thrown out."""
    address = make_url(app.config["SETTINGS"].database_url)
    other = address.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    name = str(address.database)
    with psycopg.connect(other, autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        server.execute(END, (name,))
        try:
            yield
        finally:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
