"""The leaderboard of a period, read in index order from what is counted as it happens: never a scan of clicks."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select

from app.core.extensions import db
from app.core.paging import Page, Place, page
from app.referrals.models import Person, SourceTally, Standing
from app.referrals.rules.periods import trend

SIZE = 100


@dataclass(frozen=True)
class StandingRow:
    """One referrer in a period. `lamports` is Σ rewards of the period that are not rejected."""

    person_id: int
    wallet: str
    nickname: str
    clicks: int
    signups: int
    pending: int
    qualified: int
    counted: int
    flagged: int
    lamports: int
    rank: int | None
    previous_rank: int | None
    is_banned: bool

    @property
    def trend(self) -> str:
        """up, down, same or new."""
        return trend(self.rank, self.previous_rank)


@dataclass(frozen=True)
class Funnel:
    """What came of a source and campaign in a period. `clicks` are the counted ones."""

    source: str
    campaign: str
    clicks: int
    repeats: int
    invalid: int
    signups: int
    qualified: int
    rewarded: int
    lamports: int


COLUMNS: tuple[Any, ...] = (
    Standing.person_id, Person.wallet, Person.nickname, Standing.clicks, Standing.signups, Standing.pending,
    Standing.qualified, Standing.counted, Standing.flagged, Standing.lamports, Standing.rank, Standing.previous_rank,
    Person.banned_at.is_not(None),
)  # fmt: skip


def leaderboard(period_id: int, at: Place, *, size: int = SIZE) -> Page[StandingRow]:
    """Most counted first, then most qualified; the key of a place is (counted, qualified, person)."""
    backwards = at.backwards
    keys = (Standing.counted, Standing.qualified, Standing.person_id)
    if backwards:
        order = (keys[0].asc(), keys[1].asc(), keys[2].desc())
    else:
        order = (keys[0].desc(), keys[1].desc(), keys[2].asc())
    found = select(*COLUMNS).join(Person, Person.id == Standing.person_id).where(Standing.period_id == period_id)
    if len(at.key) == 3:
        counted, qualified, person = at.key
        less = [one > value if backwards else one < value for one, value in zip(keys, at.key, strict=True)][:2]
        last = keys[2] < person if backwards else keys[2] > person
        found = found.where(
            or_(
                less[0],
                and_(keys[0] == counted, less[1]),
                and_(keys[0] == counted, keys[1] == qualified, last),
            )
        )
    rows = [StandingRow(*row) for row in db.session.execute(found.order_by(*order).limit(size + 1))]
    return page(rows, at, size, lambda row: (row.counted, row.qualified, row.person_id))


def funnels(period_id: int, *, most: int = 200) -> list[Funnel]:
    """Most clicks first."""
    columns = [getattr(SourceTally, name) for name in Funnel.__dataclass_fields__]
    found = select(*columns).where(SourceTally.period_id == period_id)
    order = (SourceTally.clicks.desc(), SourceTally.source, SourceTally.campaign)
    return [Funnel(*row) for row in db.session.execute(found.order_by(*order).limit(most))]


def totals(period_id: int) -> Funnel:
    """All sources of a period together."""
    names = list(Funnel.__dataclass_fields__)[2:]
    sums = [func.coalesce(func.sum(getattr(SourceTally, name)), 0) for name in names]
    row = db.session.execute(select(*sums).where(SourceTally.period_id == period_id)).one()
    return Funnel("all", "all", *(int(one) for one in row))
