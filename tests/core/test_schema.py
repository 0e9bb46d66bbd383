from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade

from app.core.errors import Refusal
from app.core.extensions import db
from app.core.schema import current_revision, ensure_ready, head_revision, migrate
from tests.conftest import app_for_tests, settings_for_tests


@pytest.fixture
def emptied(committing: Flask) -> Iterator[Flask]:
    """An app whose database has no table yet."""
    with committing.app_context():
        downgrade(revision="base")
        yield committing
        db.session.remove()


def test_a_migrated_database_is_ready(committing: Flask) -> None:
    with committing.app_context():
        ensure_ready()
        assert current_revision() == head_revision()


@pytest.mark.usefixtures("emptied")
def test_a_database_somebody_gave_us_is_not_migrated_behind_their_back() -> None:
    with pytest.raises(Refusal, match=f"is at revision none, this program needs {head_revision()}.*db upgrade"):
        ensure_ready()
    assert current_revision() is None


@pytest.mark.usefixtures("emptied")
def test_migrating_brings_an_empty_database_up() -> None:
    migrate()
    assert current_revision() == head_revision()


def test_of_several_at_once_one_migrates_and_the_others_wait(emptied: Flask) -> None:
    def start(_number: int) -> str | None:
        with emptied.app_context():
            migrate()
            return current_revision()

    with ThreadPoolExecutor(4) as starters:
        found = list(starters.map(start, range(4)))
    assert found == [head_revision()] * 4


def test_our_own_database_is_migrated_without_asking(engine_home: Path) -> None:
    app = app_for_tests(replace(settings_for_tests(engine_home, "any"), instance_path=engine_home, database_url=""))
    with app.app_context():
        ensure_ready()
        assert current_revision() == head_revision()
        db.engine.dispose()
