"""What referrals tell of one person: clicks on their links, who came by them, how they came, what they earned."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, cast, func, literal, select, true
from sqlalchemy.dialects.postgresql import BIT
from sqlalchemy.orm import aliased

from app.contests.queries.entitled import code_of
from app.core.moments import Told, told
from app.core.paging import Place, moment
from app.referrals.models import Click, Code, Person, Referral, Reward, RiskSignal

OF_ONE_MILLISECOND = 100
"""More clicks of one code come in no millisecond: so many are read beyond a page, and the reader cuts exactly."""
MILLISECOND = timedelta(milliseconds=1)


def clicks_told(wallet: str, at: Place, limit: int) -> Told:
    """Clicks on the person's links from the place on. Their ids begin with their time, and the index is by id."""
    mine = select(Code.id).join(Person, Person.id == Code.person_id).where(Person.wallet == wallet).subquery()
    found = select(Click.at, _number(Click.id), Click.code, Click.source, Click.campaign, Click.verdict)
    found = found.where(Click.code_id == mine.c.id).limit(limit + OF_ONE_MILLISECOND)
    if at.key:
        here = moment(at.key[0])
        found = found.where(Click.id >= _first(here) if at.backwards else Click.id < _first(here + MILLISECOND))
    newest = found.order_by(Click.id.asc() if at.backwards else Click.id.desc()).lateral("newest")
    facts = {name: newest.c[name] for name in ("code", "source", "campaign", "verdict")}
    return told(newest.c.at, newest.c.number, **facts).select_from(mine.join(newest, true()))


def referrals_told(wallet: str) -> Told:
    """Whom the person brought, at the time they signed up."""
    friend = aliased(Person)
    facts = {"friend": friend.nickname, "friend_wallet": friend.wallet, **_referral_facts()}
    joined = told(Referral.signed_up_at, Referral.id, **facts).join(friend, friend.id == Referral.referred_id)
    return joined.join(Code, Code.id == Referral.code_id).where(Referral.referrer_id == _id_of(wallet))


def signups_told(wallet: str) -> Told:
    """How the person came: by whom, or why by nobody."""
    referrer = aliased(Person)
    facts = {
        "attribution": Person.attribution, "referrer": referrer.nickname, "referrer_wallet": referrer.wallet,
        **_referral_facts(),
    }  # fmt: skip
    joined = told(Person.signed_up_at, Person.id, **facts).outerjoin(Referral, Referral.referred_id == Person.id)
    joined = joined.outerjoin(referrer, referrer.id == Referral.referrer_id)
    joined = joined.outerjoin(Code, Code.id == Referral.code_id)
    return joined.where(Person.wallet == wallet, Person.signed_up_at.is_not(None))


def rewards_told(wallet: str) -> Told:
    facts = {"kind": Reward.kind, "lamports": Reward.lamports, "state": Reward.state}
    return told(Reward.earned_at, Reward.id, **facts).where(Reward.person_id == _id_of(wallet))


def _referral_facts() -> dict[str, Any]:
    open_signals = select(func.jsonb_agg(RiskSignal.kind)).where(
        RiskSignal.referral_id == Referral.id, RiskSignal.resolution.is_(None)
    )
    return {
        "code": Code.code, "source": Referral.source, "state": Referral.state, "counts": Referral.risk == 0,
        "clicked_at": Referral.clicked_at, "expires_at": Referral.expires_at, "qualified_at": Referral.qualified_at,
        "contest": code_of(Referral.contest_id), "rejected_reason": Referral.rejected_reason,
        "programme": Referral.programme_id, "signals": open_signals.scalar_subquery(),
    }  # fmt: skip


def _id_of(wallet: str) -> Any:
    return select(Person.id).where(Person.wallet == wallet).scalar_subquery()


def _number(click_id: Any) -> ColumnElement[int]:
    """The last sixty bits of the id, which are random."""
    digits = func.right(func.replace(cast(click_id, Text), "-", ""), 15)
    return cast(cast(literal("x").concat(digits), BIT(60)), BigInteger).label("number")


def _first(at: datetime) -> Any:
    return func.first_click_id(at)
