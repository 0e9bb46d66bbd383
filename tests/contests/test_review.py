"""Sending a proposed contest to review, and out of it again."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.contests.service.decisions import ReasonMissing, send_to_review
from app.contests.service.locking import ContestChanged
from app.core.errors import Refusal
from tests.contests.bundles import clear_winner
from tests.contests.evaluating import ANN_OF_STAFF, again, contest_of, draft_of, evaluated, imported

pytestmark = pytest.mark.usefixtures("session")


def send(reason: str = "A player complained", version: int | None = None) -> None:
    send_to_review("CUP-1", version=version or contest_of("CUP-1").version, reason=reason, by=ANN_OF_STAFF)


def test_it_waits_with_the_reason_and_keeps_its_draft() -> None:
    evaluated(clear_winner())
    send()
    contest = contest_of("CUP-1")
    assert (contest.state, contest.review_reason, draft_of("CUP-1").version) == ("review", "A player complained", 1)


def test_evaluating_again_brings_it_out() -> None:
    evaluated(clear_winner())
    send()
    assert again("CUP-1", reason="The complaint is settled").version == 2
    assert (contest_of("CUP-1").state, contest_of("CUP-1").review_reason) == ("proposed", None)


def test_a_second_click_is_refused() -> None:
    evaluated(clear_winner())
    send()
    with pytest.raises(Refusal, match="Contest CUP-1 is review, not proposed"):
        send()


def test_only_a_proposed_contest_goes_to_review() -> None:
    imported(clear_winner())
    with pytest.raises(Refusal, match="Contest CUP-1 is ended, not proposed"):
        send()


def test_it_needs_a_reason() -> None:
    evaluated(clear_winner())
    with pytest.raises(ReasonMissing):
        send(reason="")


def test_a_page_that_is_out_of_date_is_refused() -> None:
    evaluated(clear_winner())
    with pytest.raises(ContestChanged):
        send(version=1)


def test_it_is_in_the_audit_log(session: Session) -> None:
    evaluated(clear_winner())
    send()
    row = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (row.action, row.reason) == ("contests:contest:send_to_review", "A player complained")
