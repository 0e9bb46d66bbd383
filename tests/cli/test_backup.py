"""The whole database goes into a file and comes back."""

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from app import create_app
from app.config import Config
from app.market.service.storing import store
from tests.clients import staff_browser
from tests.conftest import drop, maintenance
from tests.market.batches import a_token, batch, candles, line, part


@pytest.fixture
def empty(engine_home: Path, committing: Flask) -> Config:
    """Settings whose database has nothing in it."""
    settings: Config = committing.config["SETTINGS"]
    with maintenance(engine_home) as server:
        drop(server, "restored")
        server.execute("CREATE DATABASE restored")
    name = settings.database_url.split("@/")[1].split("?")[0]
    return replace(settings, database_url=settings.database_url.replace(f"/{name}?", "/restored?"))


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(words))
    return result.exit_code, result.output


def chain(settings: Config) -> list[tuple[object, ...]]:
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute("SELECT seq, hash FROM audit_log ORDER BY seq").fetchall()


def test_a_backup_restores_to_the_same_rows(committing: Flask, empty: Config, tmp_path: Path) -> None:
    staff_browser(committing, "admin")
    file = str(tmp_path / "all.backup")
    assert run(committing, "backup", file)[0] == 0
    assert run(create_app(empty), "restore", file) == (0, f"Restored {file}.\n")
    assert chain(empty) == chain(committing.config["SETTINGS"]) != []


def days(settings: Config) -> list[tuple[object, ...]]:
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute("SELECT tableoid::regclass::text, price FROM ticks").fetchall()


def test_every_day_of_prices_comes_back(committing: Flask, empty: Config, tmp_path: Path) -> None:
    with committing.app_context():
        token = a_token()
        store(batch(line(token, "2")))
        store(candles(part(token, "2")))
    file = str(tmp_path / "days.backup")
    run(committing, "backup", file)
    assert run(create_app(empty), "restore", file)[0] == 0
    assert days(empty) == days(committing.config["SETTINGS"]) == [("ticks_live_20260304", 2)]


def test_a_backup_never_replaces_a_file(committing: Flask, tmp_path: Path) -> None:
    file = tmp_path / "all.backup"
    file.write_text("last week's")
    code, said = run(committing, "backup", str(file))
    assert (code, said) == (1, f"{file} exists. Choose another name; a backup never replaces one.\n")
    assert file.read_text() == "last week's"


def test_a_restore_never_overwrites(committing: Flask, tmp_path: Path) -> None:
    file = str(tmp_path / "all.backup")
    run(committing, "backup", file)
    code, said = run(committing, "restore", file)
    assert code == 1
    assert "The database is not empty" in said


def test_a_file_that_is_no_backup_changes_nothing(empty: Config, tmp_path: Path) -> None:
    (tmp_path / "all.backup").write_text("not one")
    code, said = run(create_app(empty), "restore", str(tmp_path / "all.backup"))
    assert code == 1
    assert "pg_restore could not do it" in said
