"""Contests start, end, are checked and become final by themselves, when the database's clock says so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.alerts.queries import open_alerts
from app.audit.queries import timeline
from app.audit.rules import SYSTEM
from app.contests.jobs.evaluation import evaluate_due
from app.contests.jobs.life import check_due, end_due, finish_due, start_due
from app.contests.rules.terms import USUAL
from app.contests.service import life
from app.contests.service.evaluation import evaluate
from app.core.clock import database_now
from app.core.extensions import db
from app.core.progress import silent
from tests.contests.bundles import STARTS_AT, clear_winner
from tests.contests.evaluating import ANN_OF_STAFF, contest_of, imported, states_of
from tests.contests.rows import contest_row, entry_row

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def planned(session: Session, starts_in: timedelta, *, players: int = 2, length: timedelta = HOUR, **more: Any) -> str:
    starts_at = database_now() + starts_in
    terms = {"started_at": None, "ended_at": None, "settlement": {}} | more
    contest = contest_row(session, state="scheduled", starts_at=starts_at, ends_at=starts_at + length, **terms)
    for number in range(players):
        entry_row(session, contest, f"player{number}")
    session.commit()
    return contest.code


def running(session: Session, ends_in: timedelta) -> str:
    ends_at = database_now() + ends_in
    contest = contest_row(session, state="live", starts_at=ends_at - HOUR, ends_at=ends_at, ended_at=None)
    session.commit()
    return contest.code


def said(code: str) -> list[str]:
    return [entry.action.split(":")[2] for entry in timeline("contest", code)]


def test_it_starts_when_its_time_has_come(session: Session) -> None:
    code = planned(session, -SECOND)
    before = contest_of(code)
    starts_at, ends_at = before.starts_at, before.ends_at
    assert (start_due(), start_due()) == (True, False)
    contest = contest_of(code)
    assert (contest.state, contest.starts_at, contest.ends_at) == ("live", starts_at, ends_at)
    assert contest.started_at is not None
    assert starts_at < contest.started_at <= database_now()
    assert said(code) == ["start"]


def test_not_a_moment_too_early(session: Session) -> None:
    planned(session, HOUR)
    running(session, HOUR)
    assert (start_due(), end_due()) == (False, False)


@pytest.mark.parametrize(("hours", "window_s"), [(1, 60), (2, 300), (23.9, 300), (24, 1800)])
def test_its_settlement_is_frozen_at_the_start(session: Session, hours: float, window_s: int) -> None:
    code = planned(session, -SECOND, length=timedelta(hours=hours))
    assert start_due()
    assert contest_of(code).settlement == USUAL | {"window_s": window_s}


def test_what_was_agreed_on_otherwise_stays(session: Session) -> None:
    code = planned(session, -SECOND, settlement={"window_s": 10, "min_sources": 3})
    assert start_due()
    assert contest_of(code).settlement == USUAL | {"window_s": 10, "min_sources": 3}


def test_too_few_players_are_waited_for_and_then_refunded(session: Session) -> None:
    code = planned(session, -SECOND, players=1)
    assert start_due() is False
    late = planned(session, -MINUTE - SECOND, players=1)
    assert (start_due(), start_due()) == (True, False)
    assert (contest_of(code).state, contest_of(late).state) == ("scheduled", "void")
    (entry,) = timeline("contest", late)
    assert entry.after == {"state": "void", "refunds_lamports": 100_000_000}


def test_who_comes_within_the_grace_is_enough(session: Session) -> None:
    code = planned(session, -SECOND, players=1)
    assert start_due() is False
    entry_row(session, contest_of(code), "latecomer")
    session.commit()
    assert (start_due(), contest_of(code).state) == (True, "live")


def test_the_disqualified_do_not_count(session: Session) -> None:
    code = planned(session, -SECOND, players=1)
    entry_row(session, contest_of(code), "cheater", disqualified=True)
    session.commit()
    assert start_due() is False


def test_a_halted_market_keeps_live_contests_from_starting(session: Session) -> None:
    code = planned(session, -SECOND, feed_id=0)
    assert start_due() is False
    db.session.execute(text("UPDATE contests SET feed_id = (SELECT max(id) FROM feeds)"))
    session.commit()
    assert (start_due(), contest_of(code).state) == (True, "live")


def test_it_ends_and_its_prices_are_checked(session: Session) -> None:
    code = running(session, -SECOND)
    assert (end_due(), contest_of(code).state, check_due(), contest_of(code).state) == (
        True, "ended", True, "price_check",
    )  # fmt: skip
    contest = contest_of(code)
    assert contest.ended_at is not None
    assert contest.ended_at > contest.ends_at
    assert said(code) == ["check_prices", "end"]


def test_what_came_after_its_end_waits_to_be_asked_about(session: Session) -> None:
    contest_row(session, state="ended")
    assert (end_due(), check_due()) == (False, False)


def through(*steps: Callable[[], bool]) -> None:
    for step in steps:
        assert step(), step


@pytest.fixture
def over(session: Session) -> str:
    """A contest with a clear winner, whose times are long past when the worker sees it."""
    return imported(clear_winner(), now=STARTS_AT - HOUR).code


def test_a_clear_winner_is_final_without_a_click(over: str) -> None:
    through(start_due, end_due, check_due, evaluate_due, finish_due)
    assert states_of(over) == ["scheduled", "live", "ended", "price_check", "evaluating", "proposed", "final"]
    assert said(over) == ["apply", "evaluate", "check_prices", "end", "start"]
    assert timeline("contest", over)[0].actor_name == "System"


def test_a_challenge_window_is_waited_for(session: Session, over: str) -> None:
    contest_of(over).challenge_s = 3600
    session.commit()
    through(start_due, end_due, check_due, evaluate_due)
    final_at = contest_of(over).next_try_at
    assert finish_due() is False
    assert final_at is not None
    assert final_at - database_now() > timedelta(minutes=50)


@pytest.mark.parametrize("limit", [3_000_000_000, 2_999_999_999])
def test_a_pool_over_the_limit_waits_for_a_person(over: str, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(current_app.config["SETTINGS"], auto_final_max_lamports=limit)
    monkeypatch.setitem(current_app.config, "SETTINGS", settings)
    through(start_due, end_due, check_due, evaluate_due, finish_due)
    is_small = limit == 3_000_000_000
    assert contest_of(over).state == ("final" if is_small else "proposed")
    assert ("is larger than" in (timeline("contest", over)[0].reason or "")) is not is_small
    assert finish_due() is False


def test_a_draft_that_a_person_asked_for_waits_for_a_person(over: str) -> None:
    through(start_due, end_due)
    evaluate(over, by=ANN_OF_STAFF, progress=silent)
    assert (contest_of(over).state, contest_of(over).next_try_at, finish_due()) == ("proposed", None, False)


def test_what_fails_rests_longer_each_time_and_is_given_up(session: Session) -> None:
    code = running(session, -SECOND)
    refuse_states(session)
    for attempt in range(1, 9):
        assert end_due()
        contest = contest_of(code)
        assert (contest.attempts, contest.state) == (attempt, "live")
        assert end_due() is False
        contest.next_try_at = None
        session.commit()
    assert contest_of(code).dead_at is not None
    assert "no state changes today" in (contest_of(code).last_error or "")
    (alert,) = open_alerts()
    assert (alert.subject, alert.severity) == (f"Contest {code}", "critical")


def test_one_that_fails_keeps_no_other_waiting(session: Session) -> None:
    broken = running(session, -MINUTE)
    refuse_states(session, broken)
    good = running(session, -SECOND)
    through(end_due, end_due)
    assert (contest_of(broken).state, contest_of(good).state) == ("live", "ended")


@pytest.mark.parametrize(("command", "state"), [("start", "live"), ("end", "scheduled"), ("check_prices", "live")])
def test_a_command_out_of_its_turn_is_refused(session: Session, command: str, state: str) -> None:
    contest = contest_row(session, state=state)
    with pytest.raises(life.NotInState, match=f"is {state}, not"):
        getattr(life, command)(contest.code, by=SYSTEM)


def test_early_commands_are_refused(session: Session) -> None:
    with pytest.raises(life.NotYet, match="has time until"):
        life.start(planned(session, HOUR), by=SYSTEM)
    with pytest.raises(life.NotYet, match="has time until"):
        life.start(planned(session, -SECOND, players=1), by=SYSTEM)


def refuse_states(session: Session, code: str = "") -> None:
    """Has the database refuse every change of state, of one contest or of all."""
    db.session.execute(
        text("""
        CREATE FUNCTION refuse_states() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'no state changes today' USING ERRCODE = 'check_violation'; END $$""")
    )
    of_one = f"AND OLD.code = '{code}'" if code else ""
    when = f"WHEN (NEW.state <> OLD.state {of_one})"
    made = f"CREATE TRIGGER a BEFORE UPDATE ON contests FOR EACH ROW {when} EXECUTE FUNCTION refuse_states()"
    db.session.execute(text(made))
    session.commit()
