"""One leader at a time, on the run's own PostgreSQL. What happens when processes die is in tests/faults."""

from threading import Event

from flask import Flask

from app.core.extensions import db
from app.market.engine import leader

CUT = """
SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
WHERE locktype = 'advisory' AND datname = current_database()
"""


def test_only_one_leads_and_the_next_has_a_later_epoch(committing: Flask) -> None:
    stop = Event()
    with committing.app_context():
        first = leader.wait_to_lead(stop)
        assert first
        with db.engine.connect() as connection:
            free = connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({leader.LOCK})").scalar_one()
        assert not free
        first.end()
        second = leader.wait_to_lead(stop)
        assert second
        assert second.epoch > first.epoch
        second.end()


def test_a_connection_that_is_cut_ends_the_leadership(committing: Flask) -> None:
    with committing.app_context():
        led = leader.wait_to_lead(Event())
        assert led
        with db.engine.connect() as connection:
            connection.exec_driver_sql(CUT)
        assert led.lost.wait(10)
        led.end()


def test_who_is_told_to_stop_does_not_lead(committing: Flask) -> None:
    stop = Event()
    stop.set()
    with committing.app_context():
        assert leader.wait_to_lead(stop) is None
