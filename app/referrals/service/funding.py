"""Who sent a wallet its first lamports, as the platform saw it."""

from collections.abc import Collection, Mapping

from sqlalchemy import CompoundSelect, select, union, update

from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.extensions import db
from app.referrals.models import Person, Referral


def note_funding(funders: Mapping[str, str], *, by: Actor) -> int:
    """By wallet; how many were news. The first that was told stays, and whoever it concerns is looked at again."""
    wanted = select(Person).where(Person.wallet.in_(funders), Person.funded_by.is_(None)).order_by(Person.id)
    people = db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).all()
    for person in people:
        person.funded_by = funders[person.wallet]
    db.session.flush()
    ids = [person.id for person in people]
    again = (
        Referral.id.in_(_concerned(ids, set(funders.values()))),
        Referral.state.in_(("pending", "qualified")),
        Referral.dead_at.is_(None),
    )
    db.session.execute(
        update(Referral).where(*again).values(next_look_at=database_now()).execution_options(synchronize_session=False)
    )
    if people:
        record("referrals:person:fund", object_type="person", object_id=ids[0], by=by, after={"people": len(ids)})
    db.session.commit()
    return len(people)


def _concerned(people: Collection[int], funders: Collection[str]) -> CompoundSelect[tuple[int]]:
    """Referrals of these people, those by them, and those of other players whom their referrers brought and the same
    wallets funded. One select for each, so that each finds its rows by an index.
    """
    wanted = select(Referral.id)
    referrers = select(Referral.referrer_id).where(Referral.referred_id.in_(people))
    alike = select(Person.id).where(Person.funded_by.in_(funders))
    return union(
        wanted.where(Referral.referred_id.in_(people)),
        wanted.where(Referral.referrer_id.in_(people)),
        wanted.where(Referral.referrer_id.in_(referrers), Referral.referred_id.in_(alike)),
    )
