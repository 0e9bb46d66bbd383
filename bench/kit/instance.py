"""A migrated instance of its own for one measurement, gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask

from app import create_app
from app.config import Config
from app.core import engines, schema
from app.core.engines.folder import place
from app.core.engines.postgres import address


@contextmanager
def instance(kept: Path | None = None, **changes: Any) -> Iterator[Flask]:
    """An app on embedded engines in a temporary folder, or in one that stays; no context is open."""
    home = kept or Path(tempfile.mkdtemp(prefix="duel-bench-"))
    home.mkdir(parents=True, exist_ok=True)
    try:
        engines.ensure_postgres(home)
        engines.ensure_valkey(home)
        app = create_app(replace(Config(instance_path=home, assets="local", log_level="warning"), **changes))
        with app.app_context():
            schema.migrate()
        yield app
    finally:
        engines.stop(home)
        if not kept:
            engines.remove(home)
            shutil.rmtree(home, ignore_errors=True)


def superuser(app: Flask) -> "psycopg.Connection[Any]":
    """A connection of its own that may do everything, committing each statement."""
    where = place(app.config["SETTINGS"].instance_path)
    return psycopg.connect(address(where, role="postgres"), autocommit=True)
