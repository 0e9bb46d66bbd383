"""How long a leaderboard is, and who stands on it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from app.core.extensions import db
from app.referrals.models import Person, Standing


@dataclass(frozen=True)
class Named:
    wallet: str
    nickname: str


def names_of(people: Collection[int]) -> Mapping[int, Named]:
    found = select(Person.id, Person.wallet, Person.nickname).where(Person.id.in_(people))
    return {row[0]: Named(row[1], row[2]) for row in db.session.execute(found)} if people else {}


def standings_count(period_id: int, most: int) -> int:
    """Counted no further than one past `most`."""
    some = select(Standing.person_id).where(Standing.period_id == period_id).limit(most + 1).subquery()
    return db.session.execute(select(func.count(some.c.person_id))).scalar_one()
