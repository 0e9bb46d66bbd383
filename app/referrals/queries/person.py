"""What referrals know of one person, summed up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.core.extensions import db
from app.referrals.models import Code, Reward, RiskSignal, Standing
from app.referrals.queries.people import PersonFacts, person_by_wallet
from app.referrals.rules.risk import SIGNALS

CODES_SHOWN = 5


@dataclass(frozen=True)
class ReferralPerson:
    """`rewards` are lamports by state; `signals` the kinds of what is open against the person as a referrer."""

    facts: PersonFacts
    codes: Sequence[str]
    clicks: int
    signups: int
    qualified: int
    counted: int
    rewards: Mapping[str, int]
    signals: Sequence[str]

    @property
    def earned(self) -> int:
        return sum(lamports for state, lamports in self.rewards.items() if state != "rejected")

    @property
    def signal_titles(self) -> list[str]:
        return [SIGNALS[kind].title for kind in self.signals]


def referral_person(wallet: str) -> ReferralPerson | None:
    """None for who neither brought anybody nor came by a link."""
    facts = person_by_wallet(wallet)
    if facts is None:
        return None
    mine = Standing.person_id == facts.id
    tallies = (Standing.clicks, Standing.signups, Standing.qualified, Standing.counted)
    sums = [select(func.coalesce(func.sum(tally), 0)).where(mine).scalar_subquery() for tally in tallies]
    codes = select(Code.code).where(Code.person_id == facts.id).order_by(Code.id.desc()).limit(CODES_SHOWN).subquery()
    by_state = (
        select(Reward.state, func.sum(Reward.lamports).label("lamports"))
        .where(Reward.person_id == facts.id)
        .group_by(Reward.state)
        .subquery()
    )
    open_kinds = select(RiskSignal.kind).where(RiskSignal.person_id == facts.id, RiskSignal.resolution.is_(None))
    signals = open_kinds.distinct().subquery()
    row = db.session.execute(
        select(
            select(func.array_agg(codes.c.code)).scalar_subquery(), *sums,
            select(func.jsonb_object_agg(by_state.c.state, by_state.c.lamports)).scalar_subquery(),
            select(func.array_agg(signals.c.kind)).scalar_subquery(),
        )
    ).one()  # fmt: skip
    clicks, signups, qualified, counted = (int(one) for one in row[1:5])
    return ReferralPerson(
        facts, row[0] or (), clicks, signups, qualified, counted, row[5] or {}, sorted(row[6] or ())
    )  # fmt: skip
