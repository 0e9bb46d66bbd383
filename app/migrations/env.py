"""Alembic's view of the database: our metadata, our pool, one transaction for all revisions."""

from alembic import context
from flask import current_app

from app.core.schema import is_described

config = context.config
db = current_app.extensions["migrate"].db


def run() -> None:
    options = {
        "target_metadata": db.metadata,
        "compare_server_default": False,
        "transaction_per_migration": False,
        "include_name": is_described,
    }
    given = config.attributes.get("connection")
    if given is not None:
        context.configure(connection=given, **options)
        with context.begin_transaction():
            context.run_migrations()
        return
    with db.engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()


run()
