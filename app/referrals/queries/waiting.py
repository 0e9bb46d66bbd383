"""What of referrals waits for a person, and how much money lies where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select, union_all

from app.core.extensions import db
from app.referrals.models import Period, Person, Referral, Reward, RiskSignal
from app.referrals.rules.life import OPEN_REWARDS, REWARD_STATES

MOST_COUNTED = 1000


@dataclass(frozen=True)
class Sum:
    rewards: int
    lamports: int


def tasks_count() -> Any:
    """Groups of signals to look at, periods to close, and what gave up: a value for the statement that counts all."""
    groups = select(RiskSignal.person_id).where(RiskSignal.resolution.is_(None))
    parts = [
        select(literal(1)).select_from(groups.group_by(RiskSignal.person_id, RiskSignal.kind).subquery()),
        select(literal(1)).where(Period.state == "ended"),
        select(literal(1)).where(Referral.dead_at.is_not(None)),
        select(literal(1)).where(Reward.dead_at.is_not(None)),
    ]
    waiting = union_all(*(part.limit(MOST_COUNTED) for part in parts)).subquery()
    return select(func.count()).select_from(waiting).scalar_subquery()


def rewards_by_state() -> Mapping[str, Sum]:
    """What is still open by state; what is done is read on its own list."""
    open_states = (*OPEN_REWARDS, "approved", "in_batch")
    found = (
        select(Reward.state, func.count(), func.sum(Reward.lamports))
        .where(Reward.state.in_(open_states))
        .group_by(Reward.state)
    )
    sums = {state: Sum(rewards, int(lamports)) for state, rewards, lamports in db.session.execute(found)}
    return {state: sums.get(state, Sum(0, 0)) for state in REWARD_STATES if state in open_states}


@dataclass(frozen=True)
class Task:
    """`kind` is risk, period or given_up; `id` the referrer's or the period's, `name` what it is called."""

    kind: str
    id: int
    name: str
    count: int
    since: datetime


def tasks(limit: int) -> Sequence[Task]:
    """What waits for a person, the newest signals first, and of each kind no more than so many."""
    newest = func.max(RiskSignal.noted_at)
    groups = (
        select(literal("risk").label("kind"), Person.id.label("id"), Person.nickname.label("name"),
               func.count().label("count"), newest.label("since"))
        .join(Person, Person.id == RiskSignal.person_id)
        .where(RiskSignal.resolution.is_(None))
        .group_by(Person.id, RiskSignal.kind)
        .order_by(newest.desc(), Person.id)
        .limit(limit)
    )  # fmt: skip
    starts = func.to_char(Period.starts_at, "YYYY-MM-DD")
    over = select(literal("period"), Period.id, starts, literal(1), Period.ends_at).where(Period.state == "ended")
    given_up = [
        select(literal("given_up"), one.id, Person.nickname, literal(1), one.dead_at)
        .join(Person, Person.id == who)
        .where(one.dead_at.is_not(None))
        .limit(limit)
        for one, who in ((Referral, Referral.referrer_id), (Reward, Reward.person_id))
    ]
    whole = union_all(*(select(part.subquery()) for part in (groups, over.limit(limit), *given_up))).subquery()
    rows = db.session.execute(select(whole).order_by(whole.c.since, whole.c.kind, whole.c.id))
    return [Task(*row) for row in rows]
