"""The files of deploy/ do what they say, as far as that can be tried here."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import psycopg
import pytest
from flask import Flask

from app.config import ROOT, Config
from app.core.extensions import db
from tests.clients import staff_browser
from tests.conftest import app_for_tests

GRANTS = (ROOT / "deploy" / "grants.sql").read_text()
ROLE = "degenduel_app"
GOODBYE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s AND datname = current_database()
"""
REFUSED = [
    "UPDATE audit_log SET reason = ''",
    "DELETE FROM audit_log",
    "TRUNCATE audit_log",
    "UPDATE audit_head SET seq = 0",
    "DELETE FROM alembic_version",
    "ALTER TABLE audit_log DISABLE TRIGGER ALL",
    "DELETE FROM rewards",
    "UPDATE referral_programmes SET hold_days = 0",
    "DROP TABLE contests",
    "CREATE TABLE mine (id int)",
]


@pytest.fixture
def as_program(committing: Flask) -> Iterator[Config]:
    """Settings of the role that grants.sql is about, on a database of its own."""
    settings: Config = committing.config["SETTINGS"]
    superuser = settings.database_url.replace("//degenduel@", "//postgres@")
    with psycopg.connect(superuser, autocommit=True) as server:
        with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):  # another worker's, perhaps
            server.execute(f"CREATE ROLE {ROLE} LOGIN")
        server.execute(GRANTS.encode())
        yield replace(settings, database_url=settings.database_url.replace("//degenduel@", f"//{ROLE}@"))
        server.execute(f"DROP OWNED BY {ROLE}")
        server.execute(GOODBYE, (ROLE,))


@pytest.mark.parametrize("statement", REFUSED)
def test_the_program_cannot_rewrite_what_only_grows(as_program: Config, statement: str) -> None:
    with psycopg.connect(as_program.database_url) as program, pytest.raises(psycopg.errors.InsufficientPrivilege):
        program.execute(statement.encode())


def test_the_program_serves_and_audits_with_these_rights(as_program: Config) -> None:
    app = app_for_tests(as_program)
    assert staff_browser(app, "admin").get("/audit").status_code == 200
    with app.app_context():
        db.engine.dispose()
    with psycopg.connect(as_program.database_url) as program:
        row = program.execute("SELECT count(*) FROM audit_log").fetchone()
    assert row
    assert row[0] == 1
