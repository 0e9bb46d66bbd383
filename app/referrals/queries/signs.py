"""What a referral looks like from all sides: the facts that its risk is judged by, one question a function."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, distinct, func, select, text
from sqlalchemy.orm import aliased

from app.contests.queries.playing import joined_since
from app.core.extensions import db
from app.referrals.models import Device, Period, Person, Referral, Standing
from app.referrals.rules.risk import DEEPEST, LOOKS_BACK_DAYS

NEWEST = 200
"""So many of a code's last signups are compared."""
FUNDERS = 5
"""So far back money is followed."""

# Up from the referrer: who brought them, who brought those, … Identities make several wallets one person.
ANCESTORS = text("""
WITH RECURSIVE up (id, depth, path) AS (
  SELECT :referrer ::bigint, 0, ARRAY[:referrer ::bigint]
  UNION ALL
  SELECT r.referrer_id, up.depth + 1, up.path || r.referrer_id
  FROM up JOIN referrals r ON r.referred_id = up.id
  WHERE up.depth < :deepest AND NOT r.referrer_id = ANY (up.path)
)
SELECT p.wallet FROM up JOIN people p ON p.id = up.id CROSS JOIN people one
WHERE one.id = :referred AND up.depth > 0 AND (p.id = one.id OR p.identities && one.identities)
ORDER BY up.depth LIMIT 1
""")
# Back from wallets to whoever sent them their first lamports, and on from there.
FUNDERS_OF = text("""
WITH RECURSIVE back (person_id, funder, depth) AS (
  SELECT id, funded_by, 1 FROM people WHERE id = ANY (:people) AND funded_by IS NOT NULL
  UNION
  SELECT b.person_id, p.funded_by, b.depth + 1 FROM back b JOIN people p ON p.wallet = b.funder
  WHERE p.funded_by IS NOT NULL AND b.depth < :deepest
)
SELECT DISTINCT person_id, funder FROM back
""")


@dataclass(frozen=True)
class Pair:
    """The two people of a referral, as far as risk needs them."""

    referral_id: int
    referrer_id: int
    referred_id: int
    code_id: int
    clicked_at: datetime
    signed_up_at: datetime
    qualified_at: datetime | None
    referrer_wallet: str
    referred_wallet: str
    share_identity: bool
    is_trusted: bool


def pair(referral_id: int, now: datetime) -> Pair:
    by, came = aliased(Person), aliased(Person)
    row = db.session.execute(
        select(
            Referral.id, by.id, came.id, Referral.code_id, Referral.clicked_at, Referral.signed_up_at,
            Referral.qualified_at, by.wallet, came.wallet, by.identities.overlap(came.identities),
            func.coalesce(by.trusted_until > now, False),
        )
        .join(by, by.id == Referral.referrer_id)
        .join(came, came.id == Referral.referred_id)
        .where(Referral.id == referral_id)
    ).one()  # fmt: skip
    return Pair(*row)


def circle(one: Pair) -> str | None:
    """The wallet by which the player is among those who brought the referrer; None when there is no circle."""
    told = {"referrer": one.referrer_id, "referred": one.referred_id, "deepest": DEEPEST}
    return db.session.scalars(ANCESTORS, told).one_or_none()


def has_shared_device(one: Pair) -> bool:
    """Whether referrer and player were seen at one address with one browser, within 30 days of each other."""
    mine, theirs = aliased(Device), aliased(Device)
    span = timedelta(days=LOOKS_BACK_DAYS)
    same = and_(
        mine.key_epoch == theirs.key_epoch, mine.address_hash == theirs.address_hash,
        mine.agent_hash == theirs.agent_hash,
        mine.seen_at.between(theirs.seen_at - span, theirs.seen_at + span),
    )  # fmt: skip
    found = select(mine.id).join(theirs, same)
    found = found.where(mine.person_id == one.referred_id, theirs.person_id == one.referrer_id).limit(1)
    return db.session.scalars(found).one_or_none() is not None


def others_on_device(one: Pair) -> int:
    """How many other players of this referrer signed up at the same address with the same browser."""
    mine, theirs = aliased(Device), aliased(Device)
    same = and_(mine.key_epoch == theirs.key_epoch, mine.agent_hash == theirs.agent_hash)
    found = (
        select(func.count(distinct(theirs.person_id)))
        .select_from(mine)
        .join(theirs, and_(same, mine.address_hash == theirs.address_hash))
        .join(Referral, Referral.referred_id == theirs.person_id)
        .where(mine.person_id == one.referred_id, mine.at_signup, theirs.at_signup)
        .where(Referral.referrer_id == one.referrer_id, theirs.person_id != one.referred_id)
    )
    return db.session.scalars(found).one()


def signups_near(one: Pair, span: timedelta) -> list[datetime]:
    """When people signed up from the player's address, so long before and after them; in order."""
    mine, theirs = aliased(Device), aliased(Device)
    same = and_(mine.key_epoch == theirs.key_epoch, mine.address_hash == theirs.address_hash)
    found = (
        select(theirs.person_id, func.min(theirs.seen_at))
        .select_from(mine)
        .join(theirs, same)
        .where(mine.person_id == one.referred_id, mine.at_signup, theirs.at_signup)
        .where(theirs.seen_at.between(one.signed_up_at - span, one.signed_up_at + span))
        .group_by(theirs.person_id)
        .limit(NEWEST)
    )
    return sorted(row[1] for row in db.session.execute(found))


def signups_by_day(one: Pair) -> dict[int, int]:
    """Signups by the referral's code: on its day (0) and the seven before, by how many days before."""
    day = func.date_trunc("day", Referral.signed_up_at, "UTC")
    today = one.signed_up_at.replace(hour=0, minute=0, second=0, microsecond=0)
    found = (
        select(day, func.count())
        .where(Referral.code_id == one.code_id)
        .where(Referral.signed_up_at >= today - timedelta(days=7), Referral.signed_up_at < today + timedelta(days=1))
        .group_by(day)
    )
    return {(today - row[0]).days: row[1] for row in db.session.execute(found)}


def in_one_network(one: Pair) -> tuple[int, int]:
    """Of the code's last signups, those from the player's network, and all whose network is known."""
    newest = select(Referral.referred_id).where(Referral.code_id == one.code_id)
    last = newest.order_by(Referral.id.desc()).limit(NEWEST).subquery()
    mine, theirs = aliased(Device), aliased(Device)
    known = select(func.count(distinct(theirs.person_id))).where(
        theirs.person_id.in_(select(last.c.referred_id)), theirs.at_signup
    )
    same = and_(mine.key_epoch == theirs.key_epoch, mine.network_hash == theirs.network_hash)
    near = known.join(mine, same).where(mine.person_id == one.referred_id, mine.at_signup)
    return db.session.scalars(near).one(), db.session.scalars(known).one()


def bare_share(one: Pair) -> tuple[int, int]:
    """Clicks on the referrer's links in the period of the click that did not say how the browser came, and all."""
    found = (
        select(func.coalesce(func.sum(Standing.bare_clicks), 0), func.coalesce(func.sum(Standing.clicks), 0))
        .join(Period, Period.id == Standing.period_id)
        .where(Standing.person_id == one.referrer_id)
        .where(Period.starts_at <= one.clicked_at, Period.ends_at > one.clicked_at)
    )
    bare, clicks = db.session.execute(found).one()
    return int(bare), int(clicks)


def funders(people: Sequence[int]) -> dict[int, set[str]]:
    """Every wallet that money came from, by person, up to five steps back."""
    found: dict[int, set[str]] = {}
    for person_id, funder in db.session.execute(FUNDERS_OF, {"people": list(people), "deepest": FUNDERS}):
        found.setdefault(person_id, set()).add(funder)
    return found


def siblings(one: Pair) -> list[int]:
    """The last others whom the referrer brought."""
    found = select(Referral.referred_id).where(Referral.referrer_id == one.referrer_id)
    found = found.where(Referral.referred_id != one.referred_id).order_by(Referral.id.desc()).limit(NEWEST)
    return list(db.session.scalars(found))


def funded_people(funder: str) -> tuple[int, int]:
    """How many people a wallet funded first, and how many different referrers brought them."""
    found = (
        select(func.count(distinct(Person.id)), func.count(distinct(Referral.referrer_id)))
        .outerjoin(Referral, Referral.referred_id == Person.id)
        .where(Person.funded_by == funder)
    )
    people, referrers = db.session.execute(found).one()
    return people, referrers


def left_players(one: Pair, before: datetime) -> tuple[int, int]:
    """Of the referrer's last players who qualified before that, those who never played again, and all."""
    came = aliased(Person)
    old = (
        select(came.wallet, Referral.qualified_at)
        .join(came, came.id == Referral.referred_id)
        .where(Referral.referrer_id == one.referrer_id, Referral.qualified_at <= before)
        .order_by(Referral.id.desc())
        .limit(50)
        .subquery()
    )
    stayed = joined_since(old.c.wallet, old.c.qualified_at)
    row = db.session.execute(select(func.count().filter(~stayed), func.count()).select_from(old)).one()
    return row[0], row[1]
