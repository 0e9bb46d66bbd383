"""A player signs up: they are known from now on, and may be owed to a referrer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.queries.playing import playing_since
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.referrals.models import Device, Person, Referral
from app.referrals.queries.clicks import click_facts
from app.referrals.queries.periods import period_at, terms_at
from app.referrals.rules.attribution import CLOCKS, Attribution, attribution
from app.referrals.rules.clicks import Hashes
from app.referrals.rules.programmes import Terms
from app.referrals.service.counting import recount


@dataclass(frozen=True)
class SignupTold:
    """`clicks` are those whose signature held; `named` counts all told. `seen` is under every matching key."""

    wallet: str
    nickname: str
    clicks: Sequence[UUID] = ()
    named: int = 0
    seen: Sequence[Hashes] = ()
    identities: Sequence[bytes] = ()
    funded_by: str | None = None
    signed_up_at: datetime | None = None


@dataclass(frozen=True)
class SignedUp:
    """`referral_id` is None when nobody is owed for it; `is_new` is False when it had been told before."""

    attribution: str
    referral_id: int | None
    is_new: bool


def take_signup(told: SignupTold, *, by: Actor) -> SignedUp:
    """Once for each wallet, for ever: told again, it is answered as it was."""
    person = known_person(told.wallet, told.nickname)
    if person.signed_up_at is not None:
        return _as_it_was(person)
    now = database_now()
    at = told.signed_up_at or now
    if at > now + CLOCKS:
        raise Refusal(f"signed_up_at: {at:%F %T} is in the future.", "Send the time of the signup.", status=422)
    terms = terms_at(at)
    owed = _owed(person, told, at, terms)
    person.signed_up_at, person.attribution, person.nickname = at, owed.word, told.nickname
    person.identities = sorted({*person.identities, *told.identities})
    person.funded_by = person.funded_by or told.funded_by
    note_devices(person.id, told.seen, at=at, at_signup=True)
    referral = _refer(person, owed, at, terms, now) if owed.click is not None else None
    db.session.flush()
    record(
        "referrals:signup:take", object_type="person", object_id=told.wallet, by=by,
        after={"attribution": owed.word, "referral": referral.id if referral else None},
    )  # fmt: skip
    db.session.commit()
    return SignedUp(owed.word, referral.id if referral else None, True)


def known_person(wallet: str, nickname: str) -> Person:
    """The person of the wallet, held until the commit; made when nobody had it yet."""
    made = insert(Person).values(wallet=wallet, nickname=nickname).on_conflict_do_nothing()
    db.session.execute(made)
    wanted = select(Person).where(Person.wallet == wallet).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def note_devices(person_id: int, seen: Sequence[Hashes], *, at: datetime, at_signup: bool) -> None:
    db.session.add_all(
        Device(
            person_id=person_id, key_epoch=one.epoch, address_hash=one.address, agent_hash=one.agent,
            network_hash=one.network, at_signup=at_signup, seen_at=at,
        )
        for one in seen
    )  # fmt: skip


def _owed(person: Person, told: SignupTold, at: datetime, terms: Terms) -> Attribution:
    owed = attribution(
        click_facts(told.clicks), told=told.named, person_id=person.id, signed_up_at=at,
        window_days=terms.window_days, playing_since=playing_since(told.wallet),
    )  # fmt: skip
    if owed.click is None or not told.identities:
        return owed
    others = select(Person.id).where(
        Person.identities.overlap(list(told.identities)), Person.id != person.id, Person.signed_up_at.is_not(None)
    )
    known = set(db.session.scalars(others))
    return owed if known <= {owed.click.referrer_id} else Attribution("known_person")


def _refer(person: Person, owed: Attribution, at: datetime, terms: Terms, now: datetime) -> Referral:
    click = owed.click
    assert click is not None and click.referrer_id is not None and click.code_id is not None  # noqa: S101, PT018 (for the types)
    referral = Referral(
        referrer_id=click.referrer_id, referred_id=person.id, code_id=click.code_id, programme_id=terms.version,
        click_id=click.id, clicked_at=click.at, source=click.source, campaign=click.campaign, signed_up_at=at,
        expires_at=at + timedelta(days=terms.window_days), signup_period_id=period_at(at), next_look_at=now,
        state="pending", risk=0,
    )  # fmt: skip
    db.session.add(referral)
    recount(referral, None)
    return referral


def _as_it_was(person: Person) -> SignedUp:
    db.session.rollback()
    found = db.session.scalars(select(Referral.id).where(Referral.referred_id == person.id)).one_or_none()
    return SignedUp(person.attribution or "no_click", found, False)
