"""What looks wrong, grouped by person and kind, with the facts it was seen by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.core.extensions import db
from app.core.paging import Page, Place, page
from app.referrals.models import Person, Referral, Reward, RiskSignal
from app.referrals.rules.evidence import facts_told
from app.referrals.rules.life import OPEN_REWARDS
from app.referrals.rules.risk import SIGNALS

SIZE = 50


@dataclass(frozen=True)
class RiskGroup:
    """The open signals of one kind against one referrer. `held_lamports` is the money that waits on the person."""

    person_id: int
    wallet: str
    nickname: str
    kind: str
    count: int
    weight: int
    newest_id: int
    last_noted_at: datetime
    held_lamports: int

    @property
    def title(self) -> str:
        return SIGNALS[self.kind].title


@dataclass(frozen=True)
class SignalFacts:
    """One signal with its referral. `facts` is what it was seen by."""

    id: int
    kind: str
    weight: int
    facts: Mapping[str, Any]
    noted_at: datetime
    resolution: str | None
    resolved_by: str | None
    resolved_note: str | None
    referral_id: int
    referral_state: str
    risk: int
    friend_wallet: str
    friend_nickname: str
    clicked_at: datetime
    signed_up_at: datetime

    @property
    def told(self) -> Sequence[tuple[str, str]]:
        return facts_told(self.facts)


def risk_groups(at: Place) -> Page[RiskGroup]:
    """The queue: the group with the newest signal first."""
    money = _held(RiskSignal.person_id)
    newest = func.max(RiskSignal.id)
    found = (
        select(
            RiskSignal.person_id, Person.wallet, Person.nickname, RiskSignal.kind, func.count(),
            func.max(RiskSignal.weight), newest, func.max(RiskSignal.noted_at), money,
        )
        .join(Person, Person.id == RiskSignal.person_id)
        .where(RiskSignal.resolution.is_(None))
        .group_by(RiskSignal.person_id, Person.wallet, Person.nickname, RiskSignal.kind)
        .order_by(newest if at.backwards else newest.desc())
        .limit(SIZE + 1)
    )  # fmt: skip
    if at.key:
        found = found.having(newest > at.key[0] if at.backwards else newest < at.key[0])
    rows = [RiskGroup(*row) for row in db.session.execute(found)]
    return page(rows, at, SIZE, lambda row: (row.newest_id,))


def signals_against(
    person_id: int, *, kind: str | None = None, open_only: bool = True, most: int = 200
) -> list[SignalFacts]:
    """What is open first, and the newest of it."""
    friend = aliased(Person)
    found = (
        select(
            RiskSignal.id, RiskSignal.kind, RiskSignal.weight, RiskSignal.facts, RiskSignal.noted_at,
            RiskSignal.resolution, RiskSignal.resolved_by, RiskSignal.resolved_note, Referral.id, Referral.state,
            Referral.risk, friend.wallet, friend.nickname, Referral.clicked_at, Referral.signed_up_at,
        )
        .join(Referral, Referral.id == RiskSignal.referral_id)
        .join(friend, friend.id == Referral.referred_id)
        .where(RiskSignal.person_id == person_id)
        .order_by(RiskSignal.resolution.is_not(None), RiskSignal.id.desc())
        .limit(most)
    )  # fmt: skip
    if kind is not None:
        found = found.where(RiskSignal.kind == kind)
    if open_only:
        found = found.where(RiskSignal.resolution.is_(None))
    return [SignalFacts(*row) for row in db.session.execute(found)]


def open_signals(person_id: int, kind: str, *, upto: int) -> int:
    """How many a decision about this kind resolves that was made while `upto` was the newest on screen."""
    of_kind = RiskSignal.person_id == person_id, RiskSignal.kind == kind, RiskSignal.id <= upto
    return db.session.execute(select(func.count()).where(*of_kind, RiskSignal.resolution.is_(None))).scalar_one()


def held_lamports(person_id: int) -> int:
    """The money that no payout was planned for yet: earned by the person, or by those they brought."""
    return int(db.session.execute(select(_held(person_id))).scalar_one())


def _held(person_id: Any) -> Any:
    waiting = select(func.coalesce(func.sum(Reward.lamports), 0)).where(Reward.state.in_(OPEN_REWARDS))
    own = waiting.where(Reward.person_id == person_id)
    brought = waiting.join(Referral, Referral.id == Reward.referral_id).where(
        Referral.referrer_id == person_id, Reward.person_id != person_id
    )
    return own.correlate(RiskSignal).scalar_subquery() + brought.correlate(RiskSignal).scalar_subquery()
