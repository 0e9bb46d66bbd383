"""Evaluations that do not go straight: late prices, a second evaluator that disagrees, an exception, another's lock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.contests.jobs.evaluation import evaluate_due
from app.contests.models import Contest, Evaluation, Result
from app.contests.queries.blocking import contest_blockers
from app.contests.rules.delays import GIVE_UP_AFTER
from app.contests.service.locking import ContestBusy, hold
from app.core.clock import database_now
from app.core.extensions import db
from app.market.models import Tick, Token
from tests.contests.bundles import SOL, clear_winner, feeds, stale_market, tie_for_first
from tests.contests.evaluating import again, contest_of, draft_of, evaluated, imported, row_counts, states_of


def late_ticks(session: Session, contest: Contest) -> None:
    """What the sources said in the window, heard of only now."""
    token = session.scalars(select(Token.id).filter_by(mint=SOL)).one()
    for tick in feeds("100"):
        at = datetime.fromisoformat(tick["at"])
        session.add(Tick(feed_id=contest.feed_id, token_id=token, source=tick["source"], price=100, at=at))
    session.flush()


def due_now(session: Session, code: str) -> None:
    contest_of(code).next_try_at = database_now() - timedelta(milliseconds=1)
    session.commit()


def test_a_delayed_contest_is_looked_at_again_by_itself(session: Session) -> None:
    evaluated(stale_market())
    contest = contest_of("CUP-STALE")
    wait = contest.next_try_at - database_now() if contest.next_try_at else timedelta()
    assert (contest.attempts, timedelta() < wait < timedelta(seconds=6.1)) == (1, True)
    assert evaluate_due() is False
    due_now(session, "CUP-STALE")
    assert evaluate_due() is True
    assert (contest_of("CUP-STALE").state, contest_of("CUP-STALE").attempts) == ("delayed", 2)


def test_late_ticks_of_the_same_window_settle_it(session: Session) -> None:
    evaluated(stale_market())
    late_ticks(session, contest_of("CUP-STALE"))
    due_now(session, "CUP-STALE")
    assert evaluate_due() is True
    assert (contest_of("CUP-STALE").state, draft_of("CUP-STALE").verified) == ("proposed", "same")
    assert states_of("CUP-STALE")[2:] == ["delayed", "price_check", "evaluating", "proposed"]
    assert contest_of("CUP-STALE").last_check is None


def test_a_delay_leaves_no_version_behind(session: Session) -> None:
    evaluated(stale_market())
    assert session.scalars(select(Evaluation)).all() == []


def test_after_fifteen_minutes_a_person_has_to_look(session: Session) -> None:
    evaluated(stale_market())
    contest = contest_of("CUP-STALE")
    since = database_now() - GIVE_UP_AFTER
    contest.last_check = {**(contest.last_check or {}), "since": since.isoformat()}
    session.commit()
    again("CUP-STALE")
    contest = contest_of("CUP-STALE")
    assert (contest.state, contest.next_try_at) == ("review", None)
    assert contest.review_reason == "The market data stayed invalid for 15 minutes"


def test_the_delay_counts_from_its_beginning(session: Session) -> None:
    evaluated(stale_market())
    first = (contest_of("CUP-STALE").last_check or {})["since"]
    again("CUP-STALE")
    assert (contest_of("CUP-STALE").last_check or {})["since"] == first


def test_a_delay_after_a_review_counts_from_anew(session: Session) -> None:
    evaluated(stale_market())
    contest = contest_of("CUP-STALE")
    contest.last_check = {**(contest.last_check or {}), "since": (database_now() - timedelta(hours=1)).isoformat()}
    session.commit()
    again("CUP-STALE")
    again("CUP-STALE", reason="The feed was mended")
    assert contest_of("CUP-STALE").state == "delayed"


def test_a_re_evaluation_that_is_delayed_keeps_the_draft_there_was(session: Session) -> None:
    evaluated(clear_winner())
    session.execute(text("DELETE FROM ticks"))
    again("CUP-1", reason="The feed was corrected")
    assert (contest_of("CUP-1").state, draft_of("CUP-1").version) == ("delayed", 1)


def test_evaluators_that_disagree_send_it_to_review(session: Session) -> None:
    contest = imported(clear_winner())
    session.execute(text("UPDATE entries SET bought = bought + 1 WHERE contest_id = :id"), {"id": contest.id})
    outcome = again("CUP-1")
    assert outcome.verified == "different"
    assert outcome.note is not None
    assert "first evaluator" in outcome.note
    assert states_of("CUP-1")[-2:] == ["evaluating", "review"]
    assert (contest_of("CUP-1").review_reason or "").startswith("The two evaluators disagree: result.standings")
    assert [one.kind for one in contest_blockers(contest.id)] == ["in_review", "evaluators_disagree"]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE holdings SET quantity = quantity * 2",
        "UPDATE entries SET sold = sold + 0.01",
        "UPDATE trades SET price = price + 0.01",
        "UPDATE entries SET disqualified = true WHERE id = (SELECT max(id) FROM entries)",
        "UPDATE contest_tokens SET trades = 0",
    ],
)
def test_sums_that_do_not_follow_from_the_trades_are_found(session: Session, tampering: str) -> None:
    contest = imported(clear_winner())
    session.execute(text(tampering))
    outcome = again("CUP-1")
    expected = "same" if "disqualified" in tampering else "different"
    assert outcome.verified == expected
    assert contest_of(contest.code).state == ("proposed" if expected == "same" else "review")


def test_an_exception_sends_it_to_review_with_its_reason(session: Session) -> None:
    imported(tie_for_first())
    session.execute(text("ALTER TABLE contests DISABLE TRIGGER guard"))
    session.execute(text("UPDATE contests SET state = 'price_check', asked_by = 'Ann', tiebreakers = '{luck}'"))
    session.execute(text("ALTER TABLE contests ENABLE TRIGGER guard"))
    due_now(session, "CUP-TIE")
    before = row_counts()["evaluations"]
    assert evaluate_due() is True
    found = contest_of("CUP-TIE")
    assert (found.state, found.next_try_at, row_counts()["evaluations"]) == ("review", None, before)
    assert (found.review_reason or "").startswith("The evaluation broke: ValueError: no such tiebreakers: luck")


def test_a_contest_that_another_holds_is_busy(committing: Flask) -> None:
    held, done = Event(), Event()

    def hold_it() -> None:
        with committing.app_context():
            hold("CUP-1")
            held.set()
            done.wait(30)

    with committing.app_context():
        imported(clear_winner())
    with ThreadPoolExecutor(1) as other, committing.app_context():
        holding = other.submit(hold_it)
        held.wait(30)
        with pytest.raises(ContestBusy, match="Somebody else is changing contest CUP-1"):
            again("CUP-1")
        done.set()
        holding.result()
        assert again("CUP-1").kind == "evaluated"


def test_two_workers_evaluate_a_contest_once(committing: Flask) -> None:
    def work(_number: int) -> bool:
        with committing.app_context():
            try:
                return evaluate_due()
            finally:
                db.session.remove()

    with committing.app_context():
        contest = imported(clear_winner())
        contest.state, contest.next_try_at = "price_check", database_now()
        db.session.commit()
    with ThreadPoolExecutor(2) as workers:
        assert sorted(workers.map(work, range(2))) == [False, True]
    with committing.app_context():
        assert db.session.scalars(select(Evaluation.version)).all() == [1]
        assert len(db.session.scalars(select(Result.entry_id)).all()) == 3
