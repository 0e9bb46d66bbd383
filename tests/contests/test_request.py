"""Asking the worker for an evaluation."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.contests.jobs.evaluation import evaluate_due
from app.contests.service.decisions import (
    AlreadyUnderWay,
    ReasonMissing,
    Requested,
    apply_evaluation,
    request_evaluation,
)
from app.contests.service.locking import ContestChanged
from app.contests.service.steps import AlreadyEvaluated
from tests.contests.bundles import clear_winner, stale_market
from tests.contests.evaluating import (
    ANN_OF_STAFF,
    BEN_OF_STAFF,
    contest_of,
    draft_of,
    evaluated,
    imported,
    states_of,
)

pytestmark = pytest.mark.usefixtures("session")


def ask(code: str = "CUP-1", reason: str | None = None, version: int | None = None) -> Requested:
    return request_evaluation(code, version=version or contest_of(code).version, reason=reason, by=ANN_OF_STAFF)


def test_asking_hands_the_contest_to_the_worker() -> None:
    imported(clear_winner())
    asked = ask()
    contest = contest_of("CUP-1")
    assert (contest.state, contest.asked_by, asked) == ("price_check", "Ann", Requested("CUP-1", contest.version))
    assert evaluate_due() is True
    assert (contest_of("CUP-1").state, draft_of("CUP-1").evaluated_by) == ("proposed", "Ann")
    assert contest_of("CUP-1").asked_by is None
    assert evaluate_due() is False


def test_a_second_click_hears_that_it_is_under_way() -> None:
    imported(clear_winner())
    asked = ask()
    with pytest.raises(AlreadyUnderWay, match="Contest CUP-1 is being evaluated: Ann asked for it"):
        request_evaluation("CUP-1", version=asked.version, reason=None, by=BEN_OF_STAFF)


def test_a_page_that_is_out_of_date_is_refused() -> None:
    imported(clear_winner())
    with pytest.raises(ContestChanged):
        ask(version=contest_of("CUP-1").version + 1)


@pytest.mark.parametrize("reason", [None, ""])
def test_asking_a_second_time_needs_a_reason(reason: str | None) -> None:
    evaluated(clear_winner())
    with pytest.raises(ReasonMissing, match="A second evaluation needs a reason") as refused:
        ask(reason=reason)
    assert refused.value.status == 422


def test_the_reason_stays_with_the_second_version() -> None:
    evaluated(clear_winner())
    ask(reason="The feed was corrected")
    evaluate_due()
    assert (draft_of("CUP-1").version, draft_of("CUP-1").reason) == (2, "The feed was corrected")
    assert states_of("CUP-1")[-5:] == ["proposed", "review", "price_check", "evaluating", "proposed"]


def test_a_delayed_contest_can_be_asked_for_at_once() -> None:
    evaluated(stale_market())
    ask("CUP-STALE")
    assert evaluate_due() is True
    assert (contest_of("CUP-STALE").state, contest_of("CUP-STALE").attempts) == ("delayed", 2)


def test_what_is_final_is_not_asked_for() -> None:
    evaluated(clear_winner())
    apply_evaluation("CUP-1", version=contest_of("CUP-1").version, reason=None, by=ANN_OF_STAFF)
    with pytest.raises(AlreadyEvaluated, match=r"it is final\. Nothing can change it"):
        ask(reason="I would like to")


def test_asking_is_in_the_audit_log(session: Session) -> None:
    imported(clear_winner())
    ask()
    row = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (row.action, row.before, row.after) == (
        "contests:contest:request_evaluation", {"state": "ended"}, {"state": "price_check"},
    )  # fmt: skip
