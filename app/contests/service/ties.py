"""The ties desk: sharing a prize or ordering a group by hand, before anything is final."""

from dataclasses import dataclass

from sqlalchemy import select, text, update

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.models import Contest, Evaluation, Result, Tie
from app.contests.rules.prizes import by_hand, purse, share
from app.contests.service.hashing import result_hash
from app.contests.service.locking import hold
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db

LEAST_REASON = 20
PLACE = text("""
UPDATE results SET rank = :place, prize_lamports = :prize
WHERE evaluation_id = :evaluation AND entry_id = :entry AND rank BETWEEN :first AND :last
""")


@dataclass(frozen=True)
class Resolved:
    """`dust_lamports` is what of the whole evaluation cannot be shared evenly, after this decision."""

    code: str
    rank: int
    choice: str
    dust_lamports: int


class TieChanged(Refusal):
    def __init__(self, tie: Tie) -> None:
        what = (
            f"{tie.resolved_by} resolved the tie at rank {tie.rank} at {tie.resolved_at:%H:%M:%S} UTC: "
            + ("share" if tie.choice == "share" else "ordered by hand")
            + (f", because “{tie.reason}”" if tie.reason else "")
            if tie.choice
            else f"The tie at rank {tie.rank} was reopened"
        )
        super().__init__(f"{what}.", "Look at it as it is now; reopen it if you disagree.")


def resolve_tie(
    tie_id: int, *, version: int, choice: str, ordered_entry_ids: list[int], reason: str | None, by: Actor
) -> Resolved:
    """`order` needs every entry of the group, best first, and a reason of at least 20 characters."""
    contest, evaluation, tie = _held(tie_id, version)
    if tie.choice is not None:
        raise TieChanged(tie)
    if choice == "order":
        _check_order(evaluation.id, tie, ordered_entry_ids, reason)
        _place_by_hand(contest, evaluation, tie, ordered_entry_ids)
        tie.ordered_entry_ids = ordered_entry_ids
    elif choice != "share":
        raise Refusal(f"A tie cannot be resolved by “{choice}”.", "Choose to share or to order by hand.", status=422)
    tie.choice, tie.reason, tie.resolved_by, tie.resolved_at = choice, reason or None, by.name, database_now()
    return _done(contest, evaluation, tie, verb="resolve", by=by, reason=reason)


def reopen_tie(tie_id: int, *, version: int, reason: str, by: Actor) -> Resolved:
    """Takes the decision back: the group shares its rank again and waits for a decision."""
    contest, evaluation, tie = _held(tie_id, version)
    if tie.choice is None:
        raise TieChanged(tie)
    if not reason:
        raise Refusal("Reopening a tie needs a reason.", "Say in a sentence why.", status=422)
    if tie.choice == "order":
        _share_again(contest, evaluation, tie)
    tie.choice = tie.reason = tie.resolved_by = tie.resolved_at = tie.ordered_entry_ids = None
    return _done(contest, evaluation, tie, verb="reopen", by=by, reason=reason)


def _held(tie_id: int, version: int) -> tuple[Contest, Evaluation, Tie]:
    code = db.session.scalars(
        select(Contest.code)
        .join(Evaluation, Evaluation.contest_id == Contest.id)
        .join(Tie, Tie.evaluation_id == Evaluation.id)
        .where(Tie.id == tie_id)
    ).one_or_none()
    if code is None:
        raise Refusal("There is no such tie.", "Open the contest's ties again.", status=404)
    contest = hold(code)
    tie = db.session.get_one(Tie, tie_id, populate_existing=True)
    evaluation = db.session.get_one(Evaluation, tie.evaluation_id, populate_existing=True)
    if evaluation.state != "draft" or contest.state not in ("proposed", "review"):
        raise Refusal(
            f"Draft v{evaluation.version} of contest {code} is {evaluation.state}; the contest is {contest.state}.",
            "Its ties cannot be decided any more.",
        )
    if tie.version != version:
        raise TieChanged(tie)
    return contest, evaluation, tie


def _check_order(evaluation_id: int, tie: Tie, ordered: list[int], reason: str | None) -> None:
    group = db.session.scalars(
        select(Result.entry_id).where(Result.evaluation_id == evaluation_id, Result.rank == tie.rank)
    ).all()
    if sorted(ordered) != sorted(group):
        raise Refusal(
            f"The order must name each of the {tie.size} players once.", "Give every player a place of their own.",
            status=422,
        )  # fmt: skip
    if len((reason or "").strip()) < LEAST_REASON:
        raise Refusal(
            f"An order by hand needs a reason of at least {LEAST_REASON} characters.",
            "It stays on the evidence for ever.", status=422,
        )  # fmt: skip


def _place_by_hand(contest: Contest, evaluation: Evaluation, tie: Tie, ordered: list[int]) -> None:
    keys = {"evaluation": evaluation.id, "first": tie.rank, "last": tie.rank}
    prizes = by_hand(_places(contest, evaluation), tie.rank, tie.size)
    for place, (entry, prize) in reversed(list(enumerate(zip(ordered, prizes, strict=True), tie.rank))):
        db.session.execute(PLACE, keys | {"place": place, "entry": entry, "prize": prize})
    evaluation.dust_lamports -= tie.remainder_lamports
    evaluation.prizes_lamports += tie.remainder_lamports


def _share_again(contest: Contest, evaluation: Evaluation, tie: Tie) -> None:
    each = share(_places(contest, evaluation), tie.rank, tie.size).each
    db.session.execute(
        update(Result)
        .where(
            Result.evaluation_id == evaluation.id,
            Result.rank.between(tie.rank, tie.rank + tie.size - 1),
            Result.entry_id.in_(tie.ordered_entry_ids or ()),
        )
        .values(rank=tie.rank, prize_lamports=each)
        .execution_options(synchronize_session=False)
    )
    evaluation.dust_lamports += tie.remainder_lamports
    evaluation.prizes_lamports -= tie.remainder_lamports


def _places(contest: Contest, evaluation: Evaluation) -> tuple[int, ...]:
    return purse(contest, evaluation.entries).places


def _done(contest: Contest, evaluation: Evaluation, tie: Tie, *, verb: str, by: Actor, reason: str | None) -> Resolved:
    tie.version += 1
    contest.version += 1
    db.session.flush()
    evaluation.result_hash = result_hash(evaluation.id)
    done = Resolved(contest.code, tie.rank, tie.choice or "open", evaluation.dust_lamports)
    record(
        f"contests:tie:{verb}", object_type="contest", object_id=contest.code, by=by, reason=reason,
        after={
            "rank": tie.rank, "choice": done.choice, "dust_lamports": done.dust_lamports,
            "ordered_entry_ids": tie.ordered_entry_ids,
        },
    )  # fmt: skip
    db.session.commit()
    return done
