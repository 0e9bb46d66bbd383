"""Whether the database has the tables this program expects, and bringing it there."""

from collections.abc import Mapping

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import text

from app.core.errors import Refusal
from app.core.extensions import db, settings

MIGRATIONS_LOCK = 7_063_311


def is_described(name: str | None, kind: str, _parents: Mapping[str, object]) -> bool:
    """Whether the models describe it. Partitions are named after their table, and come and go with the days."""
    parents = (
        table.name for table in db.metadata.tables.values() if table.dialect_options["postgresql"]["partition_by"]
    )
    return kind != "table" or name is None or not name.startswith(tuple(f"{parent}_" for parent in parents))


class SchemaBehind(Refusal):
    def __init__(self, found: str | None, wanted: str | None) -> None:
        super().__init__(
            f"The database is at revision {found or 'none'}, this program needs {wanted}.",
            "Run `flask --app wsgi db upgrade`.",
        )


def head_revision() -> str | None:
    return ScriptDirectory(str(current_app.extensions["migrate"].directory)).get_current_head()


def current_revision() -> str | None:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate() -> None:
    """Brings the database to this program's revision; of several processes at once, one does and the others wait."""
    with db.engine.connect() as guard:
        for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            guard.execute(text(f"SET {limit} = 0"))
        guard.execute(text(f"SELECT pg_advisory_lock({MIGRATIONS_LOCK})"))
        try:
            upgrade()
        finally:
            guard.execute(text(f"SELECT pg_advisory_unlock({MIGRATIONS_LOCK})"))
            guard.invalidate()


def ensure_ready() -> None:
    """Before a command: the embedded database is migrated when behind, an external one is refused in words."""
    found, wanted = current_revision(), head_revision()
    if found == wanted:
        return
    if settings().database_url:
        raise SchemaBehind(found, wanted)
    migrate()
