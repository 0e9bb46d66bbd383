"""What two people decide together about a contest: one proposes, another confirms, and only then it happens."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.models import Contest, Evaluation, Ruling
from app.contests.queries.rulings import is_draft_seconded
from app.contests.rules.rulings import KINDS, OF_PRICES, kinds_offered
from app.contests.service.locking import ContestChanged, hold
from app.contests.service.steps import to_price_check
from app.contests.service.voiding import note_void
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db


class NotOffered(Refusal):
    def __init__(self, contest: Contest, kind: str) -> None:
        super().__init__(
            f"“{KINDS.get(kind, kind)}” cannot be proposed: contest {contest.code} is {contest.state}.",
            "Look at the contest as it is now.",
        )


class AlreadyProposed(Refusal):
    def __init__(self, contest: Contest, ruling: Ruling) -> None:
        super().__init__(
            f"{ruling.proposed_by} has proposed “{KINDS[ruling.kind]}” for contest {contest.code} already.",
            "Confirm or withdraw that one first.",
        )


class NothingProposed(Refusal):
    def __init__(self, contest: Contest) -> None:
        super().__init__(f"That proposal about contest {contest.code} is no longer open.", "Look at the contest.")


class NoLongerPossible(Refusal):
    def __init__(self, contest: Contest, ruling: Ruling) -> None:
        state = contest.state.replace("_", " ")
        super().__init__(
            f"“{KINDS[ruling.kind]}” can no longer be carried out: contest {contest.code} is {state} now.",
            "Withdraw it, then look at the contest as it is.",
        )


class SamePerson(Refusal):
    def __init__(self, ruling: Ruling) -> None:
        super().__init__(f"{ruling.proposed_by} proposed this, so somebody else has to confirm it.", "Ask a colleague.")


def propose_ruling(code: str, *, version: int, kind: str, reason: str, by: Actor) -> None:
    contest = _held(code, version)
    if (ruling := _open(contest)) is not None:
        raise AlreadyProposed(contest, ruling)
    draft = _draft(contest)
    if kind not in offered(contest, draft):
        raise NotOffered(contest, kind)
    of_draft = draft.id if kind == "fragile" and draft else None
    db.session.add(
        Ruling(
            contest_id=contest.id, evaluation_id=of_draft, kind=kind, reason=reason,
            proposed_by_id=by.id, proposed_by=by.name,
        )
    )  # fmt: skip
    db.session.flush()
    _record("propose", contest, by, reason, {"kind": kind})
    db.session.commit()


def confirm_ruling(code: str, ruling_id: int, *, version: int, by: Actor) -> str:
    """Carries out what somebody else proposed; gives its kind. The database refuses the same person too."""
    contest = _held(code, version)
    ruling = _proposed(contest, ruling_id)
    if ruling.proposed_by_id == by.id:
        raise SamePerson(ruling)
    draft = _draft(contest)
    if ruling.kind not in offered(contest, draft) or ruling.evaluation_id not in {None, draft.id if draft else None}:
        raise NoLongerPossible(contest, ruling)
    ruling.confirmed_by_id, ruling.confirmed_by, ruling.confirmed_at = by.id, by.name, database_now()
    db.session.flush()
    _record("confirm", contest, by, ruling.reason, {"kind": ruling.kind, "proposed_by": ruling.proposed_by})
    if ruling.kind == "void":
        note_void(contest, "voided_by_two_people", reason=ruling.reason, by=by)
    elif ruling.kind in OF_PRICES:
        to_price_check(contest)
        contest.asked_by, contest.review_reason = by.name, ruling.reason
        contest.attempts, contest.next_try_at, contest.dead_at = 0, database_now(), None
    kind = ruling.kind
    db.session.commit()
    return kind


def withdraw_ruling(code: str, ruling_id: int, *, version: int, by: Actor) -> None:
    contest = _held(code, version)
    ruling = _proposed(contest, ruling_id)
    ruling.withdrawn_by, ruling.withdrawn_at = by.name, database_now()
    _record("withdraw", contest, by, None, {"kind": ruling.kind})
    db.session.commit()


def offered(contest: Contest, draft: Evaluation | None) -> tuple[str, ...]:
    is_fragile = (
        draft is not None and bool((draft.fragility or {}).get("is_fragile")) and not is_draft_seconded(draft.id)
    )
    return kinds_offered(contest.state, is_unpriced=contest.last_check is not None, is_fragile=is_fragile)


def _held(code: str, version: int) -> Contest:
    contest = hold(code)
    if contest.version != version:
        raise ContestChanged(contest)
    return contest


def _draft(contest: Contest) -> Evaluation | None:
    return db.session.scalars(select(Evaluation).filter_by(contest_id=contest.id, state="draft")).one_or_none()


def _open(contest: Contest) -> Ruling | None:
    wanted = select(Ruling).where(
        Ruling.contest_id == contest.id, Ruling.confirmed_at.is_(None), Ruling.withdrawn_at.is_(None)
    )
    return db.session.scalars(wanted.with_for_update()).one_or_none()


def _proposed(contest: Contest, ruling_id: int) -> Ruling:
    ruling = _open(contest)
    if ruling is None or ruling.id != ruling_id:
        raise NothingProposed(contest)
    return ruling


def _record(verb: str, contest: Contest, by: Actor, reason: str | None, facts: Mapping[str, Any]) -> None:
    record(f"contests:ruling:{verb}", object_type="contest", object_id=contest.code, by=by, after=facts, reason=reason)
