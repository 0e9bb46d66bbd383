"""Clicks by their ids, and the newest of a code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.core.extensions import db
from app.referrals.models import Click, Code, Person
from app.referrals.rules.attribution import ClickFacts

SHOWN = 50


@dataclass(frozen=True)
class ClickRow:
    """A click of one of somebody's codes. `id` is the key of the next page."""

    id: UUID
    at: datetime
    code: str
    source: str
    campaign: str
    verdict: str
    is_bare: bool


def click_facts(ids: Sequence[UUID]) -> list[ClickFacts]:
    """Each click that is kept, with its code's owner as they are now."""
    found = (
        select(
            Click.id, Click.at, Click.verdict, Click.code_id, Code.person_id, Person.banned_at.is_not(None),
            Click.source, Click.campaign,
        )
        .outerjoin(Code, Code.id == Click.code_id)
        .outerjoin(Person, Person.id == Code.person_id)
        .where(Click.id.in_(ids))
    )  # fmt: skip
    return [ClickFacts(*row) for row in db.session.execute(found)] if ids else []


def clicks_of(person_id: int, *, before: UUID | None = None, most: int = SHOWN) -> list[ClickRow]:
    """The newest clicks on all of somebody's codes, newest first."""
    codes = db.session.scalars(select(Code.id).where(Code.person_id == person_id)).all()
    columns = (Click.id, Click.at, Click.code, Click.source, Click.campaign, Click.verdict, Click.is_bare)
    found: list[ClickRow] = []
    for code_id in codes:
        newest = select(*columns).where(Click.code_id == code_id).order_by(Click.id.desc()).limit(most)
        if before is not None:
            newest = newest.where(Click.id < before)
        found += [ClickRow(*row) for row in db.session.execute(newest)]
    return sorted(found, key=lambda one: one.id, reverse=True)[:most]
