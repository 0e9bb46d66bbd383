"""Periods follow each other by themselves, are ranked as it happens, and frozen by an admin."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.core.extensions import db
from app.core.paging import Place
from app.referrals.jobs.following import refresh_ranks
from app.referrals.models import Code, Period, Person, Referral, Reward, Standing
from app.referrals.queries.closing import close_preview
from app.referrals.queries.periods import open_period
from app.referrals.queries.standings import leaderboard
from app.referrals.queries.what_if import what_if_of
from app.referrals.rules.programmes import Terms
from app.referrals.service.periods import close_period, rank_periods, turn_periods
from app.referrals.service.reviewing import ban_person, lift_ban
from tests.contests.rows import address
from tests.payouts.people import SYSTEM_OF_TESTS
from tests.referrals.linking import ANN, referrer, running_period
from tests.referrals.playing import qualified, referral_of, signed_up, touched

NOW = datetime(2026, 11, 28, 13, tzinfo=UTC)


def over(period: Period) -> None:
    """The period's end has come."""
    ago = "interval '9 days'"
    moved = f"UPDATE referral_periods SET starts_at = starts_at - {ago}, ends_at = ends_at - {ago}"  # noqa: S608 (ours)
    touched(moved, "referral_periods")
    turn_periods(datetime.now(UTC), kind="weekly", by=SYSTEM_OF_TESTS)
    assert db.session.get_one(Period, period.id, populate_existing=True).state == "ended"


def rewarded(code: Code) -> None:
    """Everybody who came by it was paid for."""
    paid = update(Referral).where(Referral.code_id == code.id)
    db.session.execute(paid.values(state="rewarded", rewarded_at=datetime.now(UTC)))
    db.session.commit()


def test_periods_open_once_and_end_by_the_clock(session: Session) -> None:
    assert turn_periods(NOW, kind="weekly", by=SYSTEM_OF_TESTS)
    assert not turn_periods(NOW, kind="weekly", by=SYSTEM_OF_TESTS)
    week = open_period()
    assert week is not None
    assert (week.starts_at, week.name) == (datetime(2026, 11, 23, tzinfo=UTC), "23 Nov 2026")
    month = {"starts_at": NOW - timedelta(days=60), "ends_at": NOW}
    with pytest.raises(IntegrityError, match="never_overlap"):
        session.execute(insert(Period).values(kind="monthly", state="ended", programme_id=1, **month))


def test_ranks_are_shared_and_remember_the_last_refresh(session: Session) -> None:
    period = running_period()
    ann, bob = referrer(), referrer("BOB-1", address())
    qualified(ann)
    qualified(bob)
    refresh_ranks()
    assert [(row.rank, row.trend) for row in leaderboard(period.id, Place()).rows] == [(1, "new"), (1, "new")]
    qualified(bob)
    rank_periods(datetime.now(UTC), older_than=datetime.now(UTC))
    rows = leaderboard(period.id, Place()).rows
    assert [(row.counted, row.rank, row.trend) for row in rows] == [(2, 1, "same"), (1, 2, "down")]
    assert not refresh_ranks()


def test_the_leaderboard_pages_in_a_total_order(session: Session) -> None:
    period = running_period()
    for number in range(5):
        qualified(referrer(f"CODE-{number}", address()))
    first = leaderboard(period.id, Place(), size=2)
    place = tuple(int(part) for part in str(first.after).split("_"))
    second = leaderboard(period.id, Place(place), size=2)
    people = [row.person_id for row in (*first.rows, *second.rows)]
    assert people == sorted(set(people))
    back = leaderboard(
        period.id, Place(tuple(int(part) for part in str(second.before).split("_")), backwards=True), size=2
    )
    assert [row.person_id for row in back.rows] == people[:2]


def test_closing_pays_what_was_previewed_and_freezes_it(session: Session) -> None:
    period = running_period()
    ann, bob = referrer(), referrer("BOB-1", address())
    for code in (ann, ann, bob):
        qualified(code)
    over(period)
    preview = close_preview(period.id)
    assert [(line.rank, line.lamports) for line in preview.lines] == [(1, 1_000_000_000), (2, 600_000_000)]
    close_period(period.id, version=preview.version, by=SYSTEM_OF_TESTS)
    row = session.get_one(Period, period.id, populate_existing=True)
    places = session.scalars(select(Reward).where(Reward.cause == "place").order_by(Reward.rank)).all()
    assert (row.state, len(row.standings_hash or "")) == ("closed", 64)
    assert [(one.rank, one.lamports, one.state) for one in places] == [(1, 10**9, "held"), (2, 600_000_000, "held")]
    with pytest.raises(Refusal, match="closed by System already"):
        close_period(period.id, version=preview.version, by=SYSTEM_OF_TESTS)
    with pytest.raises(IntegrityError, match="its standings are frozen"):
        session.execute(db.text("UPDATE referrer_standings SET counted = 0"))


@pytest.mark.usefixtures("session")
def test_a_period_that_runs_or_changed_since_is_not_closed() -> None:
    period = running_period()
    before = close_preview(period.id)
    with pytest.raises(Refusal, match="It is not over yet"):
        close_period(period.id, version=before.version, by=SYSTEM_OF_TESTS)
    qualified(referrer())
    over(period)
    with pytest.raises(Refusal, match="changed since you looked"):
        close_period(period.id, version=before.version, by=SYSTEM_OF_TESTS)


@pytest.mark.usefixtures("session")
def test_other_terms_are_replayed_on_what_happened() -> None:
    period = running_period()
    ann = referrer()
    for _ in range(3):
        qualified(ann)
    found = what_if_of(period.id, Terms(9, 0, 20, {3: 7}, (5,)))
    assert (found.was, found.would_be) == (3 * 60_000_000 + 10**9, 3 * 20 + 7 + 5)
    assert (found.winners, found.losers) == (0, 4)


def test_a_ban_leaves_the_ranks_and_makes_the_preview_stale(session: Session) -> None:
    period = running_period()
    ann, bob = referrer(), referrer("BOB-1", address())
    for code in (ann, ann, bob):
        qualified(code)
    rewarded(ann)
    over(period)
    before = close_preview(period.id)
    ban_person(ann.person_id, wallet=ANN, reason="Sock puppets", by=SYSTEM_OF_TESTS)
    with pytest.raises(Refusal, match="changed since you looked"):
        close_period(period.id, version=before.version, by=SYSTEM_OF_TESTS)
    close_period(period.id, version=close_preview(period.id).version, by=SYSTEM_OF_TESTS)
    rows = leaderboard(period.id, Place()).rows
    assert [(row.counted, row.rank, row.is_banned) for row in rows] == [(2, None, True), (1, 1, False)]


def test_a_lifted_ban_makes_the_preview_stale_too(session: Session) -> None:
    period, code = running_period(), referrer()
    qualified(code)
    rewarded(code)
    ban_person(code.person_id, wallet=ANN, reason="Sock puppets", by=SYSTEM_OF_TESTS)
    before = close_preview(period.id).version
    lift_ban(code.person_id, reason="A mistake of ours", by=SYSTEM_OF_TESTS)
    assert close_preview(period.id).version > before


def test_everybody_who_ties_at_the_last_prized_place_shares_it(session: Session) -> None:
    period = running_period()
    code = referrer()
    session.execute(insert(Person), [{"wallet": address(), "nickname": "tied"} for _ in range(700)])
    session.execute(
        db.text("""
        INSERT INTO referrer_standings (period_id, person_id, counted, qualified)
        SELECT :period, id, CASE WHEN nickname = 'tied' THEN 1 ELSE 9 END, 9 FROM people"""),
        {"period": period.id},
    )
    lines = close_preview(period.id).lines
    assert (len(lines), lines[0].person_id, lines[0].lamports) == (701, code.person_id, 10**9)
    assert {line.lamports for line in lines[1:]} == {(600_000_000 + 400_000_000 + 7 * 200_000_000) // 700}


def test_until_the_next_period_is_opened_the_last_one_takes_what_comes(session: Session) -> None:
    period = running_period(days_ago=8)
    code = referrer()
    done = signed_up(code.code)
    assert (period.ends_at < datetime.now(UTC), referral_of(done).signup_period_id) == (True, period.id)
    standing = session.get_one(Standing, (period.id, code.person_id), populate_existing=True)
    assert (standing.clicks, standing.signups) == (1, 1)
