"""What is promised of referrals is measured: clicks that were answered, rewards that were paid, contests followed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.alerts.jobs.measuring import DESK
from app.alerts.rules.found import Measured
from app.core import traffic
from app.core.clock import database_now
from app.core.extensions import db, valkey
from app.payouts.jobs.paying import pay_due
from app.payouts.service.proposing import propose
from app.referrals.queries.promised import followed, rewarded, tracked
from app.referrals.rules.trying import TRIES
from app.referrals.service.failing import note_failure
from tests.conftest import browser_of
from tests.payouts.people import approved, colleague, final_contest, planned
from tests.referrals.linking import follow, referrer, running_period
from tests.referrals.playing import later, qualified, rewards_of, touched, work

HOUR = timedelta(hours=1)


def measured(of: object) -> tuple[int, int]:
    """Good and all of the last hour."""
    now = database_now()
    (found,) = of(now - HOUR, now)  # type: ignore[operator]  # one of the three
    return found.good, found.total


def held_until(ago: timedelta) -> None:
    touched("UPDATE rewards SET held_until = now() - :ago", "rewards", ago=ago)


def paid_out(session: Session) -> None:
    planned(final_contest(session))  # brings the money
    batch = propose("everything", lamports=960_000_000, size=19, by=colleague("ann")).batches[0]
    approved(batch, colleague("ben"))
    while pay_due():
        continue


def test_a_click_that_was_answered_is_kept_and_pages_are_counted_apart(committing: Flask) -> None:
    with committing.app_context():
        valkey().flushdb()
        referrer()
    follow(browser_of(committing))  # the first request of a process is counted at once
    with committing.app_context():
        assert tracked(database_now(), database_now()) == [Measured("referrals.tracking", 1, 1)]
        traffic.Traffic().count("clicks", 503)
        assert tracked(database_now(), database_now()) == [Measured("referrals.tracking", 0, 1)]
        assert traffic.taken(DESK) == (0, 0)
        db.session.remove()


@pytest.mark.parametrize(("late", "good"), [(timedelta(hours=23), 2), (timedelta(hours=25), 0)])
def test_a_reward_is_paid_in_time_or_not(session: Session, late: timedelta, good: int) -> None:
    running_period()
    qualified(referrer())
    later(7)
    work()
    held_until(late)
    paid_out(session)
    assert measured(rewarded) == (good, good)


def test_one_whose_time_runs_out_unpaid_counts_once(session: Session) -> None:
    running_period()
    done = qualified(referrer())
    later(7)
    work()
    held_until(timedelta(hours=24, minutes=30))
    assert [one.state for one in rewards_of(done)] == ["approved", "approved"]
    assert measured(rewarded) == (0, 2)
    held_until(timedelta(hours=25, minutes=30))
    assert measured(rewarded) == (0, 0)


def test_what_waits_for_a_review_is_not_owed_and_what_was_given_up_is(session: Session) -> None:
    running_period()
    done = qualified(referrer())
    held_until(timedelta(hours=24, minutes=30))
    touched("UPDATE rewards SET next_try_at = NULL", "rewards")
    assert measured(rewarded) == (0, 0)
    for _ in range(TRIES):
        note_failure("reward", rewards_of(done)[0].id, "no room")
    assert measured(rewarded) == (0, 1)


def test_a_paid_contest_is_followed_or_given_up(session: Session) -> None:
    running_period()
    qualified(referrer())
    assert measured(followed) == (1, 1)
    touched("UPDATE qualifying_contests SET done_at = NULL, dead_at = now()", "qualifying_contests")
    assert measured(followed) == (0, 1)
    assert measured(lambda since, until: followed(since - HOUR, until - HOUR)) == (0, 0)
