"""Clicks by their ids."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.core.extensions import db
from app.referrals.models import Click, Code, Person
from app.referrals.rules.attribution import ClickFacts


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
