"""Referrers, clicks, referrals and rewards for tests, written straight into the tables."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.referrals.models import Click, Code, Period, Person, Programme, Referral, Reward, RiskSignal, Standing
from app.referrals.rules.risk import SIGNALS
from tests.contests.rows import address, contest_row

NUMBERS = count(1)
DAY = timedelta(days=1)


def today() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def open_period(session: Session, **changes: Any) -> Period:
    """The week around now, of the programme that every database begins with."""
    found = session.scalars(select(Period).where(Period.state == "open")).one_or_none()
    if found is not None:
        return found
    programme = session.scalars(select(Programme).order_by(Programme.id).limit(1)).one()
    starts_at = (today() - 3 * DAY).replace(hour=0, minute=0, second=0)
    dates = {"starts_at": starts_at, "ends_at": starts_at + 7 * DAY}
    period = Period(kind="weekly", programme_id=programme.id, **dates, **changes)
    session.add(period)
    session.flush()
    return period


def person(session: Session, nickname: str, **changes: Any) -> Person:
    one = Person(wallet=address(), nickname=nickname, **changes)
    session.add(one)
    session.flush()
    return one


def referrer(session: Session, nickname: str = "otter", code: str = "") -> tuple[Person, Code]:
    one = person(session, nickname)
    link = Code(code=code or f"CODE-{next(NUMBERS)}", person_id=one.id, campaign="spring", made_by="Ann")
    session.add(link)
    session.flush()
    return one, link


def click(session: Session, link: Code, at: datetime, verdict: str = "counted") -> Click:
    number = next(NUMBERS)
    key = UUID(int=(int(at.timestamp() * 1000) << 80) | (0x7 << 76) | (0x2 << 62) | number)
    session.execute(text("SELECT make_click_month(:at)"), {"at": at})
    hashed = {name: number.to_bytes(16, "big") for name in ("address_hash", "agent_hash", "network_hash")}
    one = Click(id=key, at=at, code=link.code, code_id=link.id, source="x", campaign="spring", verdict=verdict,
                is_bare=False, key_epoch=1, **hashed)  # fmt: skip
    session.add(one)
    session.flush()
    return one


def referral(session: Session, link: Code, friend: str = "friend", *, days_ago: int = 2, **changes: Any) -> Referral:
    """Pending, clicked so many days ago and signed up an hour later."""
    period = open_period(session)
    clicked_at = today() - days_ago * DAY
    signed_up_at = clicked_at + timedelta(hours=1)
    came = person(session, friend, signed_up_at=signed_up_at, attribution="referred")
    one = Referral(
        referrer_id=link.person_id, referred_id=came.id, code_id=link.id, programme_id=period.programme_id,
        click_id=click(session, link, clicked_at).id, clicked_at=clicked_at, source="x", campaign="spring",
        signed_up_at=signed_up_at, expires_at=signed_up_at + 30 * DAY, signup_period_id=period.id, **changes,
    )  # fmt: skip
    session.add(one)
    session.flush()
    return one


def qualified(session: Session, link: Code, friend: str = "friend", *, code: str = "") -> Referral:
    one = referral(session, link, friend)
    contest = contest_row(session, **({"code": code} if code else {}))
    one.qualified_at, one.contest_id, one.period_id = today() - DAY, contest.id, open_period(session).id
    one.state = "qualified"
    session.flush()
    return one


def reward(session: Session, of: Referral, lamports: int = 50_000_000) -> Reward:
    """Held for another six days."""
    one = Reward(person_id=of.referrer_id, kind="contest_bonus", cause="contest", referral_id=of.id, lamports=lamports,
                 programme_id=of.programme_id, period_id=of.period_id)  # fmt: skip
    session.add(one)
    session.flush()
    one.held_until, one.state = today() + 6 * DAY, "held"
    session.flush()
    return one


def signal(session: Session, of: Referral, kind: str = "same_device", **facts: Any) -> RiskSignal:
    weight = SIGNALS[kind].weight
    one = RiskSignal(referral_id=of.id, person_id=of.referrer_id, kind=kind, weight=weight, facts=facts)
    session.add(one)
    of.risk += weight
    session.flush()
    return one


def standing(session: Session, one: Person, counted: int, rank: int | None = None, **changes: Any) -> Standing:
    row = Standing(period_id=open_period(session).id, person_id=one.id, counted=counted, rank=rank,
                   **{"qualified": counted, "signups": counted, "clicks": 10 * counted, **changes})  # fmt: skip
    session.add(row)
    session.flush()
    return row
