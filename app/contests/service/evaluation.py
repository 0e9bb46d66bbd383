"""Evaluating a contest: from ended to a draft result set, all of it or nothing."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from app.audit.rules import SYSTEM, Actor
from app.audit.service import record
from app.contests.models import Contest, Evaluation
from app.contests.queries import evidence
from app.contests.service.awarding import award
from app.contests.service.delaying import note_delay
from app.contests.service.fragility import look_for_fragility
from app.contests.service.hashing import inputs_hash, result_hash
from app.contests.service.locking import go, hold
from app.contests.service.scoring import rank_entries
from app.contests.service.second import second_opinion
from app.contests.service.settling import Problem
from app.contests.service.standing import Standing, settle, standing_of
from app.contests.service.steps import eligible_entries, may_evaluate, to_price_check
from app.contests.service.varying import Window
from app.contests.service.voiding import TOO_FEW, note_void
from app.contests.service.warning import warn
from app.core.clock import database_now
from app.core.database import take_time
from app.core.extensions import db, settings
from app.core.progress import Progress
from app.core.version import VERSION

STAGES = ("Settling prices", "Ranking entries", "Awarding prizes", "Second evaluator", "Writing the draft")


@dataclass(frozen=True)
class Outcome:
    """`document` is what `evaluate --json` prints; of a large contest it is only made when asked for."""

    kind: str
    code: str
    evaluation_id: int | None = None
    version: int | None = None
    verified: str | None = None
    note: str | None = None
    problems: tuple[Problem, ...] = ()
    document: dict[str, Any] = field(default_factory=dict)


def evaluate(
    code: str,
    *,
    by: Actor,
    progress: Progress,
    dry_run: bool = False,
    reason: str | None = None,
    with_document: bool = False,
) -> Outcome:
    """Leaves the contest proposed (or in review), delayed or void, in one transaction; a dry run leaves no trace."""
    began = time.monotonic()
    take_time(db.session, settings())
    contest, now = hold(code), database_now()
    may_evaluate(contest, now, reason=reason, dry_run=dry_run)
    if eligible_entries(contest.id) < contest.min_participants:
        return _finish(_void(contest, by, dry_run), dry_run)
    savepoint = db.session.begin_nested()
    evaluation = _new_version(contest, now, by, reason or contest.review_reason)
    progress(STAGES[0], 0, len(STAGES))
    standing = standing_of(contest)
    problems = settle(contest, evaluation, standing, now)
    if problems:
        document = _delayed_document(problems, evaluation.id)
        savepoint.rollback()
        if not dry_run:
            note_delay(contest, problems, now, by=by, is_last=standing.kind is not None)
        return _finish(Outcome("delayed", code, problems=problems, document=document), dry_run)
    document = _rank_and_award(contest, evaluation, standing, progress, with_document)
    evaluation.took_ms = round((time.monotonic() - began) * 1000)
    if not dry_run:
        _propose(contest, evaluation, by)
    done = Outcome(
        "evaluated", code, evaluation.id, evaluation.version, evaluation.verified, evaluation.verify_note,
        document=document,
    )  # fmt: skip
    progress(STAGES[-1], len(STAGES), len(STAGES))
    return _finish(done, dry_run)


def fail(code: str, error: Exception, *, by: Actor = SYSTEM) -> None:
    """After an exception: the contest goes to review with the reason, for a person to look at."""
    db.session.rollback()
    contest = hold(code)
    to_price_check(contest)
    go(contest, "evaluating")
    contest.review_reason = contest.last_error = f"The evaluation broke: {type(error).__name__}: {error}"[:500]
    contest.next_try_at = None
    go(contest, "review")
    warn(contest, f"The evaluation of contest {code} broke", "Look at its page, then evaluate again", by=by)
    record("contests:contest:fail", object_type="contest", object_id=code, by=by, reason=contest.review_reason)
    db.session.commit()


def _rank_and_award(
    contest: Contest, evaluation: Evaluation, standing: Standing, progress: Progress, with_document: bool
) -> dict[str, Any]:
    progress(STAGES[1], 1, len(STAGES))
    evaluation.entries = rank_entries(contest, evaluation.id)
    progress(STAGES[2], 2, len(STAGES))
    award(contest, evaluation)
    look_for_fragility(Window(contest, evaluation, standing.terms, standing.closes_at))
    evaluation.inputs_hash = inputs_hash(contest, evaluation)
    evaluation.result_hash = result_hash(evaluation.id)
    progress(STAGES[3], 3, len(STAGES))
    checked = max(contest.trades_count, evaluation.entries) <= settings().verify_max_trades
    document = evidence.result(contest, evaluation) if checked or with_document else {}
    if checked:
        note = second_opinion(evidence.inputs(contest, evaluation), document)
        evaluation.verified, evaluation.verify_note = ("different", note) if note else ("same", None)
    progress(STAGES[4], 4, len(STAGES))
    return document


def _new_version(contest: Contest, now: datetime, by: Actor, reason: str | None) -> Evaluation:
    drafts = update(Evaluation).where(Evaluation.contest_id == contest.id, Evaluation.state == "draft")
    db.session.execute(drafts.values(state="superseded"))
    newest = select(func.coalesce(func.max(Evaluation.version), 0)).where(Evaluation.contest_id == contest.id)
    evaluation = Evaluation(
        contest_id=contest.id,
        version=db.session.execute(newest).scalar_one() + 1,
        state="draft",
        evaluated_at=now,
        evaluated_by=contest.asked_by or by.name,
        reason=reason,
        code_version=VERSION,
    )
    db.session.add(evaluation)
    db.session.flush()
    return evaluation


def _propose(contest: Contest, evaluation: Evaluation, by: Actor) -> None:
    to_price_check(contest)
    go(contest, "evaluating")
    contest.attempts, contest.next_try_at, contest.last_error, contest.last_check = 0, None, None, None
    if evaluation.verified == "different":
        contest.review_reason = f"The two evaluators disagree: {evaluation.verify_note}"
        go(contest, "review")
        what = f"The two evaluators disagree about contest {contest.code}"
        warn(contest, what, "Compare them on its page", by=by)
    else:
        contest.review_reason = None
        go(contest, "proposed")
        contest.next_try_at = _final_at(contest, evaluation, by)
    contest.asked_by = None
    facts = {
        "version": evaluation.version, "entries": evaluation.entries, "verified": evaluation.verified,
        "result_hash": evaluation.result_hash, "state": contest.state,
    }  # fmt: skip
    record(
        "contests:contest:evaluate", object_type="contest", object_id=contest.code, by=by, after=facts,
        reason=evaluation.reason,
    )  # fmt: skip


def _final_at(contest: Contest, evaluation: Evaluation, by: Actor) -> datetime | None:
    """When the draft may become final by itself; one that a person asked for waits for a person."""
    if by != SYSTEM or contest.asked_by or evaluation.version > 1:
        return None
    return database_now() + timedelta(seconds=contest.challenge_s)


def _void(contest: Contest, by: Actor, dry_run: bool) -> Outcome:
    back = evidence.refunds(contest, only_disqualified=False)
    if not dry_run:
        note_void(contest, TOO_FEW, reason="Too few participants", by=by)
    document = {"outcome": "void", "reason": TOO_FEW, "refunds": back}
    return Outcome("void", contest.code, document=document)


def _delayed_document(problems: tuple[Problem, ...], evaluation_id: int) -> dict[str, Any]:
    return {
        "outcome": "delayed",
        "problems": [{"mint": problem.mint, "reasons": list(problem.reasons)} for problem in problems],
        "settlement": evidence.settlement(evaluation_id),
    }


def _finish(outcome: Outcome, dry_run: bool) -> Outcome:
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    return outcome
