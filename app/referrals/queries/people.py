"""A person as referrals know them: facts, codes, and how they came."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from app.core.extensions import db
from app.referrals.models import Code, Person, Referral


@dataclass(frozen=True)
class PersonFacts:
    id: int
    wallet: str
    nickname: str
    first_seen_at: datetime
    signed_up_at: datetime | None
    attribution: str | None
    funded_by: str | None
    banned_at: datetime | None
    banned_by: str | None
    ban_reason: str | None
    trusted_until: datetime | None
    trusted_by: str | None
    trust_reason: str | None


@dataclass(frozen=True)
class CodeFacts:
    id: int
    code: str
    campaign: str
    made_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True)
class ReferralRow:
    """One referral as its referrer's page shows it. `risk` is Σ weights of what nobody has cleared."""

    id: int
    wallet: str
    nickname: str
    code: str
    source: str
    campaign: str
    state: str
    clicked_at: datetime
    signed_up_at: datetime
    expires_at: datetime
    qualified_at: datetime | None
    contest_id: int | None
    risk: int
    rejected_reason: str | None
    programme_id: int

    @property
    def counts(self) -> bool:
        """Whether its period ranks it."""
        return self.state in {"qualified", "rewarded"} and self.risk == 0


def person_by_wallet(wallet: str) -> PersonFacts | None:
    return _one(Person.wallet == wallet)


def person_by_id(person_id: int) -> PersonFacts | None:
    return _one(Person.id == person_id)


def owner_of_code(code: str) -> PersonFacts | None:
    """Whose code it is, however it is written."""
    owner = select(Code.person_id).where(Code.code == code.strip().upper()).scalar_subquery()
    return _one(Person.id == owner)


def _one(wanted: ColumnElement[bool]) -> PersonFacts | None:
    columns = [getattr(Person, name) for name in PersonFacts.__dataclass_fields__]
    row = db.session.execute(select(*columns).where(wanted)).one_or_none()
    return None if row is None else PersonFacts(*row)


def codes_of(person_id: int, *, most: int = 50) -> list[CodeFacts]:
    found = select(Code.id, Code.code, Code.campaign, Code.made_at, Code.retired_at).where(Code.person_id == person_id)
    return [CodeFacts(*row) for row in db.session.execute(found.order_by(Code.id.desc()).limit(most))]


def referral_of(person_id: int) -> tuple[ReferralRow, PersonFacts] | None:
    """How they came, with their referrer; None when they came by nobody."""
    friend = aliased(Person)
    columns: tuple[Any, ...] = (
        Referral.id, friend.wallet, friend.nickname, Code.code, Referral.source, Referral.campaign, Referral.state,
        Referral.clicked_at, Referral.signed_up_at, Referral.expires_at, Referral.qualified_at, Referral.contest_id,
        Referral.risk, Referral.rejected_reason, Referral.programme_id, Referral.referrer_id,
    )  # fmt: skip
    found = select(*columns).join(friend, friend.id == Referral.referred_id).join(Code, Code.id == Referral.code_id)
    row = db.session.execute(found.where(Referral.referred_id == person_id)).one_or_none()
    referrer = None if row is None else _one(Person.id == row[-1])
    return None if row is None or referrer is None else (ReferralRow(*row[:-1]), referrer)
