"""Prizes of a ranked evaluation: only the rows of paid places are touched, whatever the number of entries."""

from sqlalchemy import func, select, update

from app.audit.rules import SYSTEM
from app.contests.models import Contest, Evaluation, Result, Tie
from app.contests.rules.prizes import Purse, Share, purse, share
from app.core.extensions import db


def award(contest: Contest, evaluation: Evaluation) -> None:
    """Pool, fee, every paid row's prize as *share* would pay it, the dust, and the ties that touch a paid place."""
    money = purse(contest, evaluation.entries)
    shares = [share(money.places, rank, size) for rank, size in paid_groups(evaluation.id, money)]
    for one in shares:
        pay_group(evaluation.id, one)
    dust = sum(one.remainder for one in shares)
    evaluation.pool_lamports = money.pool
    evaluation.fee_lamports = money.fee
    evaluation.dust_lamports = dust
    evaluation.prizes_lamports = money.net - dust
    db.session.add_all(_tie(contest, evaluation, one) for one in shares if one.size > 1 and one.at_stake > 0)
    db.session.flush()


def paid_groups(evaluation_id: int, money: Purse) -> list[tuple[int, int]]:
    """(rank, size) of the groups that touch a paid place, best first."""
    grouped = (
        select(Result.rank, func.count())
        .where(Result.evaluation_id == evaluation_id, Result.rank <= len(money.places))
        .group_by(Result.rank)
        .order_by(Result.rank)
    )
    return [(rank, size) for rank, size in db.session.execute(grouped)]


def pay_group(evaluation_id: int, one: Share) -> None:
    db.session.execute(
        update(Result)
        .where(Result.evaluation_id == evaluation_id, Result.rank == one.rank, Result.prize_lamports != one.each)
        .values(prize_lamports=one.each)
        .execution_options(synchronize_session=False)
    )


def _tie(contest: Contest, evaluation: Evaluation, one: Share) -> Tie:
    tie = Tie(
        evaluation_id=evaluation.id,
        rank=one.rank,
        size=one.size,
        at_stake_lamports=one.at_stake,
        remainder_lamports=one.remainder,
    )
    if contest.tie_policy == "share":
        tie.choice, tie.reason = "share", "The contest's tie policy is to share."
        tie.resolved_by, tie.resolved_at = SYSTEM.name, evaluation.evaluated_at
    return tie
