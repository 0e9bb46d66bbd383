"""The tables the migrations make are the tables the models describe, from empty and back."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app.core.database import Base
from app.core.extensions import db
from app.core.schema import is_described

OURS = """
SELECT 'table', relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
  AND relkind IN ('r', 'v', 'm', 'S', 'p')
UNION ALL SELECT 'function', proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgname::text FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'type', typname::text FROM pg_type WHERE typnamespace = 'public'::regnamespace
  AND typtype IN ('e', 'd')
ORDER BY 1, 2
"""


@pytest.fixture
def migrated(committing: Flask) -> Iterator[Flask]:
    with committing.app_context():
        yield committing
        db.session.remove()


def there() -> list[tuple[Any, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(OURS))]


def drift() -> list[Any]:
    with db.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_name": is_described}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


@pytest.mark.usefixtures("migrated")
def test_the_migrations_make_what_the_models_describe() -> None:
    assert drift() == []


@pytest.mark.usefixtures("migrated")
def test_a_column_that_only_the_database_has_is_drift() -> None:
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE contests ADD COLUMN forgotten int"))
    assert [change[0] for change in drift()] == ["remove_column"]


@pytest.mark.usefixtures("migrated")
def test_down_to_nothing_and_up_again_gives_the_same() -> None:
    before = there()
    downgrade(revision="base")
    assert there() == []
    upgrade()
    assert there() == before
    assert drift() == []
