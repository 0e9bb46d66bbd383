"""The facts that decide whether a contest can become final."""

from sqlalchemy import func, select

from app.contests.models import Contest, Evaluation, Result, Tie
from app.contests.rules.blockers import Blocker, Facts, blockers
from app.core.extensions import db


def contest_blockers(contest_id: int) -> tuple[Blocker, ...]:
    return blockers(facts(contest_id))


def facts(contest_id: int) -> Facts:
    """One statement; prizes are summed over the paid places only, where every prize is."""
    paid = (
        select(func.coalesce(func.sum(Result.prize_lamports), 0))
        .where(Result.evaluation_id == Evaluation.id, Result.rank <= func.cardinality(Contest.prize_split_bps))
        .scalar_subquery()
    )
    open_ties = select(func.count()).where(Tie.evaluation_id == Evaluation.id, Tie.choice.is_(None)).scalar_subquery()
    row = db.session.execute(
        select(
            Contest.state, Evaluation.id, open_ties, Evaluation.verified, Evaluation.verify_note,
            Evaluation.pool_lamports, paid + Evaluation.fee_lamports + Evaluation.dust_lamports,
        )
        .join(Evaluation, (Evaluation.contest_id == Contest.id) & (Evaluation.state == "draft"), isouter=True)
        .where(Contest.id == contest_id)
    ).one()  # fmt: skip
    if row[1] is None:
        return Facts(row[0])
    return Facts(row[0], True, row[2], row[3], row[4], row[5], int(row[6]))
