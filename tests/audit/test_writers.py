"""Many writers at once: no gap, no fork, in the order of commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.audit import service
from app.audit.rules import SYSTEM
from app.core.extensions import db


def test_writers_queue_without_a_gap(committing: Flask) -> None:
    def write(writer: int) -> None:
        with committing.app_context():
            for number in range(15):
                service.record("tests:row:write", object_type="row", object_id=f"{writer}/{number}", by=SYSTEM)
                db.session.commit() if number % 4 else db.session.rollback()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    with committing.app_context():
        count = db.session.execute(text("SELECT count(*) FROM audit_log")).scalar()
        assert service.verify() == service.Verdict(6 * 11, None)
        assert count == 6 * 11


def test_an_older_snapshot_is_refused_instead_of_forking_the_chain(committing: Flask) -> None:
    def write() -> None:
        service.record("tests:row:write", object_type="row", object_id="0", by=SYSTEM)
        db.session.commit()

    with committing.app_context():
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        db.session.execute(text("SELECT 1"))
        with ThreadPoolExecutor(1) as pool:
            pool.submit(in_context(committing, write)).result()
        with pytest.raises(OperationalError, match="could not serialize"):
            write()
        db.session.rollback()


def in_context(app: Flask, work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        with app.app_context():
            work()

    return run
