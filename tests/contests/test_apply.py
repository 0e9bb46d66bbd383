"""Applying a draft: once, by one person, when nothing blocks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.audit.rules import Actor
from app.contests.models import Evaluation
from app.contests.service.decisions import (
    AlreadyApplied,
    Applied,
    ReasonMissing,
    StillBlocked,
    apply_evaluation,
    send_to_review,
)
from app.contests.service.locking import ContestBusy, ContestChanged
from app.core.errors import Refusal
from app.core.extensions import db
from tests.contests.bundles import clear_winner, stale_market, tie_for_first
from tests.contests.evaluating import (
    ANN_OF_STAFF,
    BEN_OF_STAFF,
    again,
    contest_of,
    draft_of,
    evaluated,
    imported,
    states_of,
)


def apply(code: str, by: Actor = ANN_OF_STAFF, reason: str | None = None, version: int | None = None) -> Applied:
    return apply_evaluation(code, version=version or contest_of(code).version, reason=reason, by=by)


def propose() -> None:
    evaluated(clear_winner())


def leave_a_tie_open() -> None:
    evaluated(tie_for_first() | {"contest": {**tie_for_first()["contest"], "code": "CUP-1"}})


def only_import() -> None:
    imported(clear_winner())


def delay() -> None:
    evaluated(stale_market() | {"contest": {**stale_market()["contest"], "code": "CUP-1"}})


def let_the_evaluators_disagree() -> None:
    imported(clear_winner())
    db.session.execute(text("UPDATE entries SET bought = bought + 1"))
    again("CUP-1")


def send_back() -> None:
    propose()
    send_to_review("CUP-1", version=contest_of("CUP-1").version, reason="A player complained", by=BEN_OF_STAFF)


def lose_a_lamport() -> None:
    propose()
    db.session.execute(text("UPDATE results SET prize_lamports = prize_lamports - 1 WHERE rank = 1"))


@pytest.mark.usefixtures("session")
def test_applying_publishes_the_draft_and_makes_the_contest_final() -> None:
    propose()
    draft = draft_of("CUP-1")
    assert apply("CUP-1") == Applied("CUP-1", 1, 2_700_000_000)
    contest = contest_of("CUP-1")
    assert (contest.state, contest.published_evaluation_id, states_of("CUP-1")[-1]) == ("final", draft.id, "final")
    assert (draft.state, draft.published_by) == ("published", "Ann")


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("prepare", "blocker"),
    [
        (only_import, "The contest is not evaluated yet"),
        (delay, "The market data at the end is not valid"),
        (leave_a_tie_open, "1 tie is open"),
        (let_the_evaluators_disagree, "The two evaluators disagree"),
        (send_back, "The contest is in review"),
        (lose_a_lamport, "Prizes, fee and dust miss the pool by -1 lamports"),
    ],
)
def test_every_blocker_refuses_it(prepare: Callable[[], None], blocker: str) -> None:
    prepare()
    before = contest_of("CUP-1").state
    with pytest.raises(StillBlocked, match=blocker) as refused:
        apply("CUP-1")
    assert refused.value.blockers
    assert contest_of("CUP-1").state == before


@pytest.mark.usefixtures("session")
def test_a_page_that_is_out_of_date_is_refused() -> None:
    propose()
    seen = contest_of("CUP-1").version
    again("CUP-1", reason="The feed was corrected")
    with pytest.raises(ContestChanged, match="Contest CUP-1 changed while you looked: it is proposed now"):
        apply("CUP-1", version=seen)


@pytest.mark.usefixtures("session")
def test_a_second_click_hears_who_applied_it() -> None:
    propose()
    apply("CUP-1")
    with pytest.raises(AlreadyApplied, match=r"is final: draft v1 was applied by Ann at 2\d{3}-.* UTC"):
        apply("CUP-1", by=BEN_OF_STAFF)


@pytest.mark.usefixtures("session")
def test_applying_a_second_version_needs_a_reason() -> None:
    propose()
    again("CUP-1", reason="The feed was corrected")
    with pytest.raises(ReasonMissing) as refused:
        apply("CUP-1")
    assert refused.value.status == 422
    assert apply("CUP-1", reason="The new prices are right").evaluation_version == 2


def test_it_is_in_the_audit_log_with_the_hash(session: Session) -> None:
    propose()
    apply("CUP-1", reason="Looked at twice")
    row = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (row.action, row.actor_name, row.reason) == ("contests:contest:apply", "Ann", "Looked at twice")
    published = session.scalars(select(Evaluation).filter_by(state="published")).one()
    assert (row.after or {})["result_hash"] == published.result_hash


@pytest.mark.usefixtures("session")
def test_what_is_final_is_not_evaluated_again() -> None:
    propose()
    apply("CUP-1")
    with pytest.raises(Refusal, match="Nothing can change it any more"):
        again("CUP-1", reason="The feed was corrected")


def test_of_two_admins_at_once_exactly_one_applies(committing: Flask) -> None:
    with committing.app_context():
        propose()
        version = contest_of("CUP-1").version
    together = Barrier(2)

    def click(by: Actor) -> str:
        with committing.app_context():
            together.wait(30)
            try:
                apply("CUP-1", by=by, version=version)
            except (AlreadyApplied, ContestChanged, ContestBusy) as refusal:
                db.session.rollback()
                return type(refusal).__name__
            return "applied"

    with ThreadPoolExecutor(2) as desks:
        heard = list(desks.map(click, [ANN_OF_STAFF, BEN_OF_STAFF]))
    assert heard.count("applied") == 1
    with committing.app_context():
        assert states_of("CUP-1").count("final") == 1
        applied = select(func.count()).select_from(AuditEntry).filter_by(action="contests:contest:apply")
        assert db.session.scalar(applied) == 1
