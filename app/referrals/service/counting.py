"""Keeping standings and tallies, in the transaction of what changes them: tallies first, in the order of their keys.

Periods are held FOR NO KEY UPDATE: who has just inserted a reward of one holds its key, and so may another.
"""

from collections import defaultdict

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.extensions import db
from app.referrals.models import Period, Referral, SourceTally, Standing
from app.referrals.rules.counting import Places, Weighed, difference, in_standings, in_tallies

FROZEN = ("qualified", "counted")
"""What a closed period keeps as it was, whatever happens to its referrals afterwards."""


def weighed(one: Referral) -> Weighed:
    return Weighed(one.state, one.risk, one.signup_period_id, one.period_id)


def recount(one: Referral, before: Weighed | None) -> None:
    """Moves what changed since `before`, None when it has just come."""
    after = weighed(one)
    db.session.flush()
    add_to_tallies(one.source, one.campaign, difference(in_tallies(before), in_tallies(after)))
    add_to_standings(one.referrer_id, difference(in_standings(before), in_standings(after)))


def add_to_tallies(source: str, campaign: str, changed: Places) -> None:
    for period_id, amounts in _by_period(changed):
        key = {"period_id": period_id, "source": source, "campaign": campaign}
        added = insert(SourceTally).values(**key, **amounts)
        sums = {name: getattr(SourceTally, name) + amount for name, amount in amounts.items()}
        if min(amounts.values()) < 0:
            db.session.execute(update(SourceTally).filter_by(**key).values(sums))
        else:
            db.session.execute(added.on_conflict_do_update(index_elements=list(key), set_=sums))


def add_to_standings(person_id: int, changed: Places) -> None:
    """A closed period keeps its ranks; every other change of a count makes a preview of its close out of date."""
    for period_id, added in _by_period(changed):
        amounts = added
        wanted = select(Period).where(Period.id == period_id).with_for_update(key_share=True)
        period = db.session.scalars(wanted.execution_options(populate_existing=True)).one()
        if period.state == "closed":
            amounts = {name: amount for name, amount in added.items() if name not in FROZEN}
        elif FROZEN[1] in added:
            period.version += 1
            db.session.flush()
        if amounts:
            _stand(period_id, person_id, amounts)


def make_previews_stale(person_id: int) -> None:
    """Whether the person has a place changed, where they count in a period that is not closed."""
    counts = select(Standing.period_id).where(Standing.person_id == person_id, Standing.counted > 0)
    wanted = select(Period).where(Period.id.in_(counts), Period.state != "closed").order_by(Period.id)
    held = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    for period in db.session.scalars(held):
        period.version += 1
    db.session.flush()


def _stand(period_id: int, person_id: int, amounts: dict[str, int]) -> None:
    """A closed period takes no new rows, so the row that is there is tried first."""
    sums = {name: getattr(Standing, name) + amount for name, amount in amounts.items()}
    key = {"period_id": period_id, "person_id": person_id}
    changed = db.session.execute(update(Standing).filter_by(**key).values(sums).returning(Standing.person_id))
    if changed.one_or_none() is None:
        added = insert(Standing).values(**key, **amounts)
        db.session.execute(added.on_conflict_do_update(index_elements=list(key), set_=sums))


def _by_period(changed: Places) -> list[tuple[int, dict[str, int]]]:
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for (period_id, column), amount in changed.items():
        found[period_id][column] = amount
    return sorted(found.items())
