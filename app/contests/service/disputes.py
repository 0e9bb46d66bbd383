"""Disputes: opened for a player they stop a draft, then they are talked about and settled."""

from dataclasses import dataclass

from sqlalchemy import select

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.models import Contest, Dispute, DisputePost, Evaluation
from app.contests.queries.disputes import entries_called, open_disputes
from app.contests.rules.disputes import OPEN_IN, OUTCOMES, why_not_standing
from app.contests.service.locking import ContestChanged, go, hold
from app.contests.service.warning import warn
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db

SUMMARY = 200


@dataclass(frozen=True)
class Opened:
    code: str
    dispute_id: int


class NothingToDispute(Refusal):
    def __init__(self, contest: Contest) -> None:
        super().__init__(
            f"Contest {contest.code} is {contest.state.replace('_', ' ')}: there is no draft to dispute.",
            "A dispute is opened between the draft and the final result.",
        )


class NoSuchPlayer(Refusal):
    def __init__(self, contest: Contest, player: str, found: int) -> None:
        what = "Several players" if found else "No player"
        verb = "are" if found else "is"
        super().__init__(
            f"{what} of contest {contest.code} {verb} called “{player}”.",
            "Copy the whole wallet from the standings.",
            status=422,
        )


class DisputeSettled(Refusal):
    def __init__(self, contest: Contest) -> None:
        super().__init__(f"That dispute about contest {contest.code} is not open.", "Look at how it was settled.")


class CannotStand(Refusal):
    def __init__(self, contest: Contest, why: str) -> None:
        super().__init__(f"The draft of contest {contest.code} cannot be proposed again: {why}.", "Clear this first.")


def open_dispute(code: str, *, version: int, player: str, words: str, by: Actor) -> Opened:
    """For a player, by wallet or nickname. A proposed draft goes to review, and an alert asks somebody to look."""
    contest = _held(code, version)
    if contest.state not in OPEN_IN:
        raise NothingToDispute(contest)
    found = entries_called(contest.id, player)
    if len(found) != 1:
        raise NoSuchPlayer(contest, player, len(found))
    draft, who = _draft(contest), found[0].nickname
    dispute = Dispute(
        contest_id=contest.id, evaluation_id=draft.id if draft else None, entry_id=found[0].entry_id, opened_by=by.name
    )
    db.session.add(dispute)
    db.session.flush()
    _say(dispute, words, by)
    _record("open", contest, by, words, {"player": who, "dispute": dispute.id})
    before = contest.state
    if before == "proposed":
        contest.review_reason, contest.next_try_at = f"{who} disputes the draft: {words}"[:SUMMARY], None
        go(contest, "review")
    warn(contest, f"{who} disputes the draft of contest {code}", "Read the dispute and settle it", by=by)
    opened = Opened(code, dispute.id)
    db.session.commit()
    return opened


def add_post(code: str, dispute_id: int, *, words: str, by: Actor) -> None:
    contest = hold(code)
    dispute = _open(contest, dispute_id)
    _say(dispute, words, by)
    _record("post", contest, by, words, {"dispute": dispute.id})
    db.session.commit()


def settle_dispute(code: str, dispute_id: int, *, version: int, outcome: str, words: str, by: Actor) -> None:
    """Ends the dispute; the contest stays in review until somebody evaluates again, lets the draft stand, or voids."""
    contest = _held(code, version)
    dispute = _open(contest, dispute_id)
    if outcome not in OUTCOMES:
        raise Refusal(f"A dispute is not settled as “{outcome}”.", f"Choose {' or '.join(OUTCOMES)}.", status=422)
    _say(dispute, words, by)
    dispute.outcome, dispute.settled_by, dispute.settled_at = outcome, by.name, database_now()
    _record("settle", contest, by, words, {"dispute": dispute.id, "outcome": outcome})
    db.session.commit()


def send_back(code: str, *, version: int, reason: str, by: Actor) -> None:
    """From review to proposed: the draft stands as it is, and waits for a person to apply it."""
    contest = _held(code, version)
    if contest.state != "review":
        state = contest.state.replace("_", " ")
        raise Refusal(f"Contest {code} is {state}, not in review.", "Look at it as it is now.")
    draft = _draft(contest)
    why = why_not_standing(
        has_draft=draft is not None,
        open_disputes=db.session.execute(select(open_disputes(contest.id))).scalar_one(),
        verified=draft.verified if draft else "",
        is_unpriced=contest.last_check is not None,
    )
    if why:
        raise CannotStand(contest, why)
    contest.review_reason, contest.next_try_at = None, None
    go(contest, "proposed")
    record(
        "contests:contest:send_back", object_type="contest", object_id=code, by=by,
        before={"state": "review"}, after={"state": "proposed"}, reason=reason,
    )  # fmt: skip
    db.session.commit()


def _held(code: str, version: int) -> Contest:
    contest = hold(code)
    if contest.version != version:
        raise ContestChanged(contest)
    return contest


def _draft(contest: Contest) -> Evaluation | None:
    drafts = select(Evaluation).where(Evaluation.contest_id == contest.id, Evaluation.state == "draft")
    return db.session.scalars(drafts).one_or_none()


def _open(contest: Contest, dispute_id: int) -> Dispute:
    wanted = select(Dispute).where(
        Dispute.contest_id == contest.id, Dispute.id == dispute_id, Dispute.outcome.is_(None)
    )
    dispute = db.session.scalars(wanted.with_for_update()).one_or_none()
    if dispute is None:
        raise DisputeSettled(contest)
    return dispute


def _say(dispute: Dispute, words: str, by: Actor) -> None:
    db.session.add(DisputePost(dispute_id=dispute.id, words=words, said_by=by.name))
    db.session.flush()


def _record(verb: str, contest: Contest, by: Actor, words: str, facts: dict[str, object]) -> None:
    record(f"contests:dispute:{verb}", object_type="contest", object_id=contest.code, by=by, after=facts, reason=words)
