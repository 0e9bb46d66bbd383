"""Who is tied to a referrer, by money, by devices and by who brought whom: what a reviewer looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from app.core.extensions import db
from app.referrals.models import Device, Person, Referral, Reward, RiskSignal
from app.referrals.queries.rewards import RewardRow, rewards_by_id
from app.referrals.rules.life import OPEN_REFERRALS, OPEN_REWARDS
from app.referrals.rules.risk import DEEPEST

SHOWN = 20
LINES = 50
TIES = {
    "above": "Brought them, or brought who did",
    "funding": "Got their first lamports from the same wallet",
    "device": "Seen at one address with one browser",
}


@dataclass(frozen=True)
class Tie:
    """`steps` up the chain of referrals, or how often both were seen on one device."""

    kind: str
    wallet: str
    nickname: str
    steps: int
    is_banned: bool

    @property
    def says(self) -> str:
        return TIES[self.kind]


@dataclass(frozen=True)
class Stopped:
    """What a ban would stop now. Rewards `in_batches` it leaves to whoever cancels the batch."""

    referrals: int
    signals: int
    rewards: int
    lamports: int
    in_batches: int


@dataclass(frozen=True)
class Hold:
    """Rewards that wait: the referrer's, and those of who came by them. The sum is of all, the lines are the first."""

    lines: Sequence[RewardRow]
    rewards: int
    lamports: int
    ban: Stopped


def ties_of(person_id: int) -> Sequence[Tie]:
    """At most SHOWN of each kind. Hashes of addresses and devices stay in the database."""
    parts = [part.limit(SHOWN).subquery() for part in (_above(person_id), _funded(person_id), _seen(person_id))]
    whole = union_all(*(select(part) for part in parts)).subquery()
    rows = db.session.execute(select(whole).order_by(whole.c.kind, whole.c.steps, whole.c.wallet))
    return [Tie(*row) for row in rows]


def money_on_hold(person_id: int) -> Hold:
    waiting = select(Reward.id, Reward.lamports).where(Reward.state.in_(OPEN_REWARDS))
    brought = waiting.join(Referral, Referral.id == Reward.referral_id)
    brought = brought.where(Referral.referrer_id == person_id, Reward.person_id != person_id)
    whole = union_all(waiting.where(Reward.person_id == person_id), brought).subquery()
    sums = func.count(), func.coalesce(func.sum(whole.c.lamports), 0)
    rewards, lamports, *stopped = db.session.execute(select(*sums, *_stopped_by_a_ban(person_id))).one()
    ids = db.session.scalars(select(whole.c.id).order_by(whole.c.id.desc()).limit(LINES)).all()
    lines = sorted(rewards_by_id(ids).values(), key=lambda row: -row.id)
    return Hold(lines, rewards, int(lamports), Stopped(*map(int, stopped)))


def _stopped_by_a_ban(person_id: int) -> "tuple[ScalarSelect[Any], ...]":
    """In the order of `Stopped`."""
    open_ones = select(Referral.id).where(Referral.referrer_id == person_id, Referral.state.in_(OPEN_REFERRALS))
    brought = and_(Reward.referral_id.in_(open_ones), Reward.cause != "milestone")
    rewards = select(Reward.id, Reward.lamports, Reward.state).where(
        or_(Reward.person_id == person_id, brought), Reward.state.in_((*OPEN_REWARDS, "approved", "in_batch"))
    )
    theirs = rewards.subquery()
    stops = theirs.c.state != "in_batch"
    signals = RiskSignal.person_id == person_id, RiskSignal.resolution.is_(None)
    return (
        select(func.count()).select_from(open_ones.subquery()).scalar_subquery(),
        select(func.count()).select_from(RiskSignal).where(*signals).scalar_subquery(),
        select(func.count()).select_from(theirs).where(stops).scalar_subquery(),
        select(func.coalesce(func.sum(theirs.c.lamports), 0)).where(stops).scalar_subquery(),
        select(func.count()).select_from(theirs).where(~stops).scalar_subquery(),
    )


def _columns(kind: str, steps: Any) -> Select[Any]:
    banned = Person.banned_at.is_not(None).label("is_banned")
    return select(literal(kind).label("kind"), Person.wallet, Person.nickname, steps.label("steps"), banned)


def _above(person_id: int) -> Select[Any]:
    """Up the graph; a circle ends it."""
    first = select(Referral.referrer_id.label("id"), literal(1).label("steps")).where(Referral.referred_id == person_id)
    chain = first.cte("chain", recursive=True)
    up = select(Referral.referrer_id, chain.c.steps + 1).join(chain, Referral.referred_id == chain.c.id)
    chain = chain.union(up.where(chain.c.steps < DEEPEST, Referral.referrer_id != person_id))
    return _columns("above", func.min(chain.c.steps)).join(chain, chain.c.id == Person.id).group_by(Person.id)


def _funded(person_id: int) -> Select[Any]:
    mine = select(Person.funded_by).where(Person.id == person_id).scalar_subquery()
    return _columns("funding", literal(1)).where(Person.funded_by == mine, Person.id != person_id).order_by(Person.id)


def _seen(person_id: int) -> Select[Any]:
    mine, theirs = aliased(Device), aliased(Device)
    same = and_(theirs.address_hash == mine.address_hash, theirs.agent_hash == mine.agent_hash)
    found = _columns("device", func.count()).join(theirs, theirs.person_id == Person.id).join(mine, same)
    return found.where(mine.person_id == person_id, theirs.person_id != person_id).group_by(Person.id)
