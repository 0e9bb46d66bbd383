"""What a person decides about a contest: to have it evaluated, to apply the draft, to send it to review."""

from dataclasses import dataclass

from sqlalchemy import select

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.models import Contest, Evaluation
from app.contests.queries.blocking import contest_blockers
from app.contests.rules.blockers import DECIDED, Blocker
from app.contests.service.locking import go, hold, same_version
from app.contests.service.publishing import publish
from app.contests.service.steps import ASKED, may_evaluate, to_price_check
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db


@dataclass(frozen=True)
class Requested:
    code: str
    version: int


@dataclass(frozen=True)
class Applied:
    code: str
    evaluation_version: int
    prizes_lamports: int


class StillBlocked(Refusal):
    def __init__(self, code: str, found: tuple[Blocker, ...]) -> None:
        self.blockers = found
        why = "; ".join(blocker.text for blocker in found)
        super().__init__(f"Contest {code} cannot become final: {why}.", "Clear these first.")


class AlreadyUnderWay(Refusal):
    def __init__(self, contest: Contest) -> None:
        asked = f"{contest.asked_by} asked for it" if contest.asked_by else "it was asked for already"
        super().__init__(f"Contest {contest.code} is being evaluated: {asked}.", "Wait for the draft.")


class AlreadyApplied(Refusal):
    def __init__(self, contest: Contest, evaluation: Evaluation | None) -> None:
        by_whom = (
            f": draft v{evaluation.version} was applied by {evaluation.published_by}"
            f" at {evaluation.published_at:%Y-%m-%d %H:%M:%S} UTC"
            if evaluation
            else ""
        )
        super().__init__(f"Contest {contest.code} is {contest.state}{by_whom}.", "Nothing can change it any more.")


class ReasonMissing(Refusal):
    def __init__(self, what: str) -> None:
        super().__init__(f"{what} needs a reason.", "Write one sentence that a colleague will understand.", status=422)


def request_evaluation(code: str, *, version: int, reason: str | None, by: Actor) -> Requested:
    """Hands the contest to the worker. A second evaluation (proposed, in review) needs a reason."""
    contest = hold(code)
    if contest.state == "price_check":
        raise AlreadyUnderWay(contest)
    same_version(contest, version)
    if contest.state in ASKED and not reason:
        raise ReasonMissing("A second evaluation")
    now = database_now()
    may_evaluate(contest, now, reason=reason, dry_run=False)
    before = contest.state
    to_price_check(contest)
    contest.asked_by, contest.next_try_at, contest.dead_at = by.name, now, None
    contest.review_reason = reason if before in ASKED else contest.review_reason
    record(
        "contests:contest:request_evaluation", object_type="contest", object_id=code, by=by,
        before={"state": before}, after={"state": contest.state}, reason=reason,
    )  # fmt: skip
    db.session.commit()
    return Requested(code, contest.version)


def apply_evaluation(code: str, *, version: int, reason: str | None, by: Actor) -> Applied:
    """Publishes the draft and makes the contest final, unless something blocks; nothing changes either after that."""
    contest = hold(code)
    if contest.state in DECIDED:
        published = contest.published_evaluation_id
        raise AlreadyApplied(contest, db.session.get(Evaluation, published) if published else None)
    same_version(contest, version)
    if found := contest_blockers(contest.id):
        raise StillBlocked(code, found)
    draft = db.session.scalars(
        select(Evaluation).where(Evaluation.contest_id == contest.id, Evaluation.state == "draft").with_for_update()
    ).one()
    if draft.version > 1 and not reason:
        raise ReasonMissing("Applying a second evaluation")
    publish(contest, draft, by=by, reason=reason)
    db.session.commit()
    return Applied(code, draft.version, draft.prizes_lamports)


def send_to_review(code: str, *, version: int, reason: str, by: Actor) -> None:
    """A proposed contest waits for a person until it is evaluated again."""
    contest = hold(code)
    same_version(contest, version)
    if contest.state != "proposed":
        raise Refusal(f"Contest {code} is {contest.state}, not proposed.", "Only a proposed contest goes to review.")
    if not reason:
        raise ReasonMissing("Sending to review")
    contest.review_reason, contest.next_try_at = reason, None
    go(contest, "review")
    record(
        "contests:contest:send_to_review", object_type="contest", object_id=code, by=by,
        before={"state": "proposed"}, after={"state": "review"}, reason=reason,
    )  # fmt: skip
    db.session.commit()
