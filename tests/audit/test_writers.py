"""Many writers at once: no gap, no fork, in the order of commits."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import text

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
