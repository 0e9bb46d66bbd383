"""The facts that decide whether a contest can become final."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.contests.models import Contest, Evaluation, Result, Tie
from app.contests.queries.disputes import open_disputes
from app.contests.queries.rulings import is_seconded
from app.contests.rules.blockers import Blocker, Facts, blockers
from app.core.extensions import db
from app.market.queries.halt import halt, halt_at
from app.market.rules.feeds import LIVE_FEED


def contest_blockers(contest_id: int) -> tuple[Blocker, ...]:
    return blockers(facts(contest_id))


def facts(contest_id: int) -> Facts:
    """One statement, and those about the market for a contest on live prices.

    Prizes are summed over the paid places only, where every prize is.
    """
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
            (Evaluation.version > 1) & Evaluation.reason.is_not(None), Contest.feed_id, Contest.ends_at,
            Evaluation.fragility, is_seconded(Evaluation.id).label("is_seconded"),
            open_disputes(Contest.id).label("open_disputes"), Contest.review_reason,
        )
        .join(Evaluation, (Evaluation.contest_id == Contest.id) & (Evaluation.state == "draft"), isouter=True)
        .where(Contest.id == contest_id)
    ).one()  # fmt: skip
    found = Facts(row[0], review_reason=row.review_reason)
    if row[1] is not None:
        found = Facts(
            row[0], True, row[2], row[3], row[4], row[5], int(row[6]), is_second_look=row[7],
            fragile=_fragile(row.fragility), is_seconded=row.is_seconded,
            open_disputes=row.open_disputes, review_reason=row.review_reason,
        )  # fmt: skip
    return _on_live_prices(found, row.ends_at) if row.feed_id == LIVE_FEED else found


def _fragile(found: dict[str, Any] | None) -> str:
    return f"{found['kept']} of {found['of']}" if found and found["is_fragile"] else ""


def _on_live_prices(found: Facts, ends_at: datetime) -> Facts:
    now, then = halt(), halt_at(ends_at)
    return replace(found, halt=now.why if now else "", halt_at_end=then.why if then else "")
