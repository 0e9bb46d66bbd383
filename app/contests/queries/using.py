"""The contests that trade a token."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.contests.models import Contest, ContestToken, Holding
from app.core.extensions import db
from app.whitelist.rules.impact import Impact, Touched

SHOWN = 20
UNDECIDED = ("scheduled", "live", "ended", "price_check", "delayed", "evaluating", "proposed", "review")


@dataclass(frozen=True)
class Use:
    code: str
    name: str
    state: str
    ends_at: datetime
    trades: int


def contests_using(token_id: int) -> Sequence[Use]:
    """Those that end last first."""
    found = (
        select(Contest.code, Contest.name, Contest.state, Contest.ends_at, ContestToken.trades)
        .join(ContestToken, ContestToken.contest_id == Contest.id)
        .where(ContestToken.token_id == token_id)
        .order_by(Contest.ends_at.desc(), Contest.id.desc())
        .limit(SHOWN)
    )
    return [Use(*row) for row in db.session.execute(found)]


def states_of(codes: Sequence[str]) -> dict[str, str]:
    found = db.session.execute(select(Contest.code, Contest.state).where(Contest.code.in_(codes)))
    return {row.code: row.state for row in found}


def tokens_at_an_edge(near: timedelta) -> Sequence[int]:
    """Ids of the tokens of contests that start, or are settled, so soon."""
    until = func.clock_timestamp() + near
    starts = (Contest.state == "scheduled") & (Contest.starts_at <= until)
    ends = (Contest.state == "live") & (Contest.ends_at <= until)
    found = select(ContestToken.token_id).join(Contest, Contest.id == ContestToken.contest_id)
    return db.session.scalars(found.where(starts | ends).distinct().order_by(ContestToken.token_id)).all()


def impact_of(token_id: int) -> Impact:
    """The undecided contests that trade the token, with who holds it now and the pool that depends on it."""
    holders = (
        select(func.count())
        .where(Holding.contest_id == Contest.id, Holding.token_id == token_id, Holding.quantity > 0)
        .scalar_subquery()
    )
    pool = Contest.entries_count * Contest.entry_fee_lamports + Contest.sponsored_lamports
    found = (
        select(Contest.code, Contest.name, Contest.state, holders, pool)
        .join(ContestToken, ContestToken.contest_id == Contest.id)
        .where(ContestToken.token_id == token_id, Contest.state.in_(UNDECIDED))
        .order_by(Contest.ends_at, Contest.id)
    )
    return Impact([Touched(*row) for row in db.session.execute(found)])
