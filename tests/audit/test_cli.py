"""`flask audit verify`"""

from flask import Flask
from sqlalchemy import text

from app.core.extensions import db
from tests.audit.test_chain import triggers_off, write


def test_says_how_far_it_got(committing: Flask) -> None:
    with committing.app_context():
        write(4)
    result = committing.test_cli_runner().invoke(args=["audit", "verify"])
    assert (result.exit_code, result.stdout) == (0, "verified to #4\n")


def test_names_the_first_bad_row_and_fails(committing: Flask) -> None:
    with committing.app_context():
        write(4)
        with triggers_off():
            db.session.execute(text("UPDATE audit_log SET actor_name = 'nobody' WHERE seq = 2"))
    result = committing.test_cli_runner().invoke(args=["audit", "verify"])
    assert (result.exit_code, result.stderr) == (1, "Row #2 was changed after it was written.\n")


def test_an_empty_log_is_fine(committing: Flask) -> None:
    result = committing.test_cli_runner().invoke(args=["audit", "verify"])
    assert (result.exit_code, result.stdout) == (0, "verified to #0\n")
