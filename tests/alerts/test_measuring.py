"""Promises are measured of what really happened: requests, feeds, evaluations, checks, payments."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, update
from sqlalchemy.orm import Session

from app.alerts.jobs.measuring import DESK, measure
from app.alerts.jobs.watch import Watch
from app.alerts.models import AlertWatch
from app.alerts.queries.budgets import hours, measured_until, shares
from app.alerts.rules.targets import TARGETS, Share, budget_left_ppm, burn, promises, whole
from app.alerts.service import claim_measuring
from app.core import traffic
from app.core.clock import database_now
from app.core.extensions import db, settings
from app.domains import gathered
from tests.clients import Browser
from tests.payouts.people import touched
from tests.whitelist.desk import reviewed


def test_requests_are_counted_by_part_and_taken_once(admin: Browser, session: Session) -> None:
    traffic.taken(("audit",))
    counting = traffic.Traffic()
    for status in (200, 404, 500, 503):
        counting.count("audit", status)
    counting.count("audit", 200)
    assert traffic.taken(("audit",)) == (1, 0)
    later = traffic.Traffic()
    later.count("audit", 503)
    assert [traffic.taken(("audit",)), traffic.taken(("audit",))] == [(0, 1), (0, 0)]


def begun(minutes: int = 1) -> None:
    """Measuring went on for so long."""
    Watch()()
    measure()
    db.session.execute(update(AlertWatch).values(measured_at=func.now() - timedelta(minutes=minutes)))
    db.session.commit()


def test_what_was_before_the_first_look_is_nobodys_promise(session: Session) -> None:
    """Meant to fail when a fresh desk tells its walls that a minute failed in which it was not there."""
    Watch()()
    measure()
    assert shares([60]) == {}


def test_seconds_count_against_the_whole_window() -> None:
    assert whole(Share(97, 100), 60) == Share(3597, 3600)
    assert whole(Share(0, 4000), 60) == Share(0, 4000)


def test_a_round_measures_what_happened_since_the_last(session: Session) -> None:
    begun()
    reviewed("CAT")
    measure()
    assert shares([60])["whitelist.answer"][60] == Share(1, 1)
    measure()
    assert shares([60])["whitelist.answer"][60] == Share(1, 1)
    assert hours()["whitelist.answer"][0].total == 1


def test_what_two_workers_measure_at_once_counts_once(session: Session) -> None:
    begun()
    known, now = measured_until()
    assert [claim_measuring(known, until=now) for _ in range(2)] == [True, False]
    reviewed("CAT")
    measure()
    assert shares([60])["whitelist.answer"][60] == Share(1, 1)


def test_a_late_answer_is_not_good(session: Session) -> None:
    begun()
    reviewed("CAT")
    touched("UPDATE submissions SET received_at = received_at - interval '2 minutes'", "submissions")
    measure()
    assert shares([60])["whitelist.answer"][60] == Share(0, 1)


def test_the_market_that_nobody_runs_is_down(session: Session) -> None:
    begun()
    measure()
    uptime = shares([60])["market.uptime"][60]
    assert (uptime.good, uptime.total > 0) == (0, True)


def test_every_page_that_people_wait_for_is_counted(app: Flask) -> None:
    for_programs = {"api", "attribution", "client", "contest_system", "payout_batches", "prices", "whitelist"}
    without_pages = {"assets", "health", "patterns", "security", "theme"}
    assert set(DESK) == set(app.blueprints) - for_programs - without_pages


def test_every_target_is_measured(app: Flask) -> None:
    with app.app_context():
        now = database_now()
        told = {one.target for measure in gathered("MEASURES") for one in measure(now, now)}
        db.session.rollback()
    assert told | {"market.latency"} == TARGETS.keys()


def test_promises_are_settings() -> None:
    assert promises("market.uptime=99.99, contests.done=100") == {"market.uptime": 999_900, "contests.done": 1_000_000}


def test_every_target_has_a_promise(session: Session) -> None:
    assert promises(settings().health_promises).keys() == TARGETS.keys()


def test_budgets_are_exact() -> None:
    assert burn(Share(985, 1000), 999_000) == 15
    assert burn(Share(999, 1000), 1_000_000) is None
    assert budget_left_ppm(Share(9995, 10_000), 999_000) == 500_000
    assert budget_left_ppm(Share(9980, 10_000), 999_000) == -1_000_000
